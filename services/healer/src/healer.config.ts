import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notificationConfig } from '@gridworks/notifications';
import { sharedConfig } from '@gridworks/runtime';
import { z } from 'zod';
import { modelConfig } from './model/model.config.ts';

const count = (fallback: number) => z.coerce.number().int().min(1).default(fallback);
const milliseconds = (fallback: number) => z.coerce.number().int().min(100).max(86_400_000).default(fallback);

/** The environment variables of the healer. */
export const healerConfig = sharedConfig.extend({
  ...notificationConfig,
  ...modelConfig,
  DATABASE_URL: sharedConfig.shape.DATABASE_URL.unwrap().describe(
    'postgres://healer:password@host:5432/database',
  ),
  PLATFORM_SOCKET: z
    .string()
    .min(1)
    .optional()
    .describe('socket of the local supervisor; with PLATFORM_TOKEN'),
  PLATFORM_TOKEN: z.string().min(1).optional().describe('token of the local supervisor'),
  DOCKER_HOST: z
    .string()
    .regex(/^(unix|tcp):\/\//)
    .optional()
    .describe('address of the Docker Engine, when there is no local supervisor: unix:///var/run/docker.sock'),
  HEALER_COMPOSE_PROJECT: z
    .string()
    .min(1)
    .default('gridworks-portal')
    .describe('compose project whose containers are healed'),
  HEALER_STATE_DIR: z
    .string()
    .min(1)
    .default(join(tmpdir(), 'gridworks-healer'))
    .describe('folder of state that must survive a restart while NATS is away'),
  HEALER_DRY_RUN: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('true: only report what would be done'),
  HEALER_DATABASE_ROLES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((role) => role.trim())
        .filter(Boolean),
    )
    .describe('roles of PostgreSQL, beside those of the services, whose sessions may be ended; by commas'),
  HEALER_ESCALATE_AFTER_MS: milliseconds(60_000).describe('an incident that is not over by then is mailed'),
  HEALER_DEPENDENTS_WINDOW_MS: milliseconds(30_000).describe(
    'how far around an incident symptoms of dependents belong to it',
  ),
  HEALER_RECURRENCE_MS: milliseconds(10_000).describe(
    'a failure that comes back within this time reopens its incident',
  ),
  HEALER_CHAIN_LIMIT: count(3).describe(
    'incidents of one cause within the window until a human must take over',
  ),
  HEALER_CHAIN_WINDOW_MS: milliseconds(600_000).describe('window of HEALER_CHAIN_LIMIT'),
  HEALER_FLEET_BREAKER_ACTS: count(30).describe(
    'restarts in the whole fleet within the window until everything is paused',
  ),
  HEALER_FLEET_BREAKER_WINDOW_MS: milliseconds(600_000).describe('window of HEALER_FLEET_BREAKER_ACTS'),
  HEALER_DEAD_LETTERS_MAX: count(100_000).describe(
    'dead letters that may wait for a decision; further ones stay in the stream',
  ),
  HEALER_SERVICE_ACTS_PER_HOUR: count(60).describe('acts on one service or server in an hour'),
  HEALER_CAPTURES_HOLD_MS: milliseconds(5000).describe(
    'how long errors that a process caught wait for their cause to be detected',
  ),
  HEALER_CAPTURES_QUIET_MS: milliseconds(30_000).describe(
    'an incident of caught errors is over when nothing more came for so long',
  ),
  HEALER_CAPTURES_ESCALATE_MS: milliseconds(120_000).describe(
    'caught errors that should end by themselves and have not by then are mailed',
  ),
  HEALER_LEASE_MS: milliseconds(5000).describe('another healer takes over after this time without a renewal'),
  HEALER_BUS_COOLDOWN_MS: milliseconds(15_000).describe('pause between two acts of the bus watchdog'),
});
export type HealerConfig = z.output<typeof healerConfig>;
