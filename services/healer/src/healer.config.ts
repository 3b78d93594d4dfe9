import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notificationConfig } from '@gridworks/notifications';
import { sharedConfig } from '@gridworks/runtime';
import { z } from 'zod';

const count = (fallback: number) => z.coerce.number().int().min(1).default(fallback);
const milliseconds = (fallback: number) => z.coerce.number().int().min(100).max(86_400_000).default(fallback);
const usd = (fallback: number) => z.coerce.number().min(0).max(1_000_000).default(fallback);
const httpUrl = z
  .url({ protocol: /^https?$/ })
  .refine((text) => !/^[^/]*\/\/[^/]*@/.test(text), 'no credentials in it');

/** What the healer reads from its environment. */
export const healerConfig = sharedConfig.extend({
  ...notificationConfig,
  DATABASE_URL: sharedConfig.shape.DATABASE_URL.unwrap().describe(
    'postgres://healer:password@host:5432/database',
  ),
  PLATFORM_SOCKET: z
    .string()
    .min(1)
    .optional()
    .describe('socket of the local supervisor; with PLATFORM_TOKEN'),
  PLATFORM_TOKEN: z.string().min(1).optional().describe('what opens the local supervisor'),
  DOCKER_HOST: z
    .string()
    .regex(/^(unix|tcp):\/\//)
    .optional()
    .describe(
      'where the Docker Engine answers, when there is no local supervisor: unix:///var/run/docker.sock',
    ),
  HEALER_COMPOSE_PROJECT: z
    .string()
    .min(1)
    .default('gridworks-portal')
    .describe('compose project whose containers are healed'),
  HEALER_STATE_DIR: z
    .string()
    .min(1)
    .default(join(tmpdir(), 'gridworks-healer'))
    .describe('folder of what must survive a restart while NATS is away'),
  HEALER_DRY_RUN: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('true: say what would be done, and do nothing'),
  HEALER_ESCALATE_AFTER_MS: milliseconds(60_000).describe('an incident that is not over by then is mailed'),
  HEALER_DEPENDENTS_WINDOW_MS: milliseconds(30_000).describe(
    'how far around an incident symptoms of dependents belong to it',
  ),
  HEALER_RECURRENCE_MS: milliseconds(10_000).describe(
    'the same trouble so soon after its end is the same incident',
  ),
  HEALER_CHAIN_LIMIT: count(3).describe('incidents of one cause within the window until a human must look'),
  HEALER_CHAIN_WINDOW_MS: milliseconds(600_000).describe('window of HEALER_CHAIN_LIMIT'),
  HEALER_FLEET_BREAKER_ACTS: count(30).describe(
    'restarts in the whole fleet within the window until everything is paused',
  ),
  HEALER_FLEET_BREAKER_WINDOW_MS: milliseconds(600_000).describe('window of HEALER_FLEET_BREAKER_ACTS'),
  HEALER_SERVICE_ACTS_PER_HOUR: count(60).describe('acts on one service or server in an hour'),
  HEALER_CAPTURES_HOLD_MS: milliseconds(5000).describe(
    'how long errors that a process caught wait for the cause behind them to show itself',
  ),
  HEALER_CAPTURES_QUIET_MS: milliseconds(30_000).describe(
    'an incident of caught errors is over when nothing more came for so long',
  ),
  HEALER_CAPTURES_ESCALATE_MS: milliseconds(120_000).describe(
    'caught errors that should pass by themselves and have not by then are mailed',
  ),
  HEALER_LEASE_MS: milliseconds(5000).describe(
    'after so long without a sign of a healer another one takes over',
  ),
  HEALER_BUS_COOLDOWN_MS: milliseconds(15_000).describe('pause between two acts of the bus watchdog'),
  OPENAI_API_KEY: z.string().min(1).optional().describe('without it no model is ever asked'),
  OPENAI_BASE_URL: httpUrl
    .default('https://api.openai.com/v1')
    .describe('where an OpenAI-compatible server answers: http(s)://…/v1'),
  OPENAI_MODEL: z.string().min(1).max(100).default('gpt-4.1').describe('name of the model that is asked'),
  OPENAI_BACKUP_BASE_URL: httpUrl
    .optional()
    .describe('who is asked when OPENAI_BASE_URL does not answer: http(s)://…/v1'),
  OPENAI_BACKUP_API_KEY: z.string().min(1).optional().describe('key for the backup; default: the same'),
  OPENAI_BACKUP_MODEL: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('model of the backup; default: the same'),
  HEALER_MODEL_ATTEMPT_MS: milliseconds(20_000).describe('how long one call of the model may take'),
  HEALER_MODEL_DEADLINE_MS: milliseconds(60_000).describe('how long one question may take, repeats included'),
  HEALER_MODEL_ANSWER_TOKENS: count(600).describe('longest answer of the model'),
  HEALER_MODEL_CALLS_PER_HOUR: count(20).describe('calls of the model within an hour, repeats included'),
  HEALER_MODEL_TOKENS_PER_DAY: count(200_000).describe('tokens sent and answered in a day (UTC)'),
  HEALER_MODEL_COST_PER_DAY_USD: usd(2).describe('what the model may cost in a day (UTC)'),
  HEALER_MODEL_INPUT_USD_PER_MILLION_TOKENS: usd(2).describe('price of what is sent'),
  HEALER_MODEL_OUTPUT_USD_PER_MILLION_TOKENS: usd(8).describe('price of what is answered'),
});
export type HealerConfig = z.output<typeof healerConfig>;
