import { randomBytes } from 'node:crypto';
import { AdminNotifier } from '@gridworks/notifications';
import { createLogger } from '@gridworks/observability';
import { DEFAULT_CAPTURE_LIMITS } from './captures/settle-captured.ts';
import type { HealerConfig } from './healer.config.ts';
import { Healer } from './healer.ts';
import { DEFAULT_LIMITS } from './healing/healing-limits.ts';
import { choosePlatform } from './platform/choose-platform.ts';
import { PostgresSessions } from './remedies/postgres-sessions.repository.ts';

/** Builds the healer from its configuration. Throws when the configuration names no platform. */
export function createHealer(config: HealerConfig): Healer {
  const instance = config.SERVICE_INSTANCE ?? 'healer';
  const logger = createLogger({ service: 'healer', instance, level: config.LOG_LEVEL });
  return new Healer({
    instance,
    boot: randomBytes(8).toString('hex'),
    platform: choosePlatform(config),
    servers: {
      nats: { url: config.NATS_URL, user: config.NATS_USER ?? 'healer', password: config.NATS_PASSWORD },
      postgres: config.DATABASE_URL,
      redis: config.REDIS_URL,
    },
    ...(config.DISK_FOLDERS ? { diskFolders: config.DISK_FOLDERS } : {}),
    limits: {
      ...DEFAULT_LIMITS,
      dryRun: config.HEALER_DRY_RUN,
      actsPerServicePerHour: config.HEALER_SERVICE_ACTS_PER_HOUR,
      chain: { limit: config.HEALER_CHAIN_LIMIT, windowMs: config.HEALER_CHAIN_WINDOW_MS },
      fleetBreaker: {
        limit: config.HEALER_FLEET_BREAKER_ACTS,
        windowMs: config.HEALER_FLEET_BREAKER_WINDOW_MS,
      },
      escalateAfterMs: config.HEALER_ESCALATE_AFTER_MS,
    },
    windows: {
      dependentsMs: config.HEALER_DEPENDENTS_WINDOW_MS,
      recurrenceMs: config.HEALER_RECURRENCE_MS,
    },
    captures: {
      ...DEFAULT_CAPTURE_LIMITS,
      holdMs: config.HEALER_CAPTURES_HOLD_MS,
      quietMs: config.HEALER_CAPTURES_QUIET_MS,
      escalateMs: config.HEALER_CAPTURES_ESCALATE_MS,
    },
    leaseMs: config.HEALER_LEASE_MS,
    stateDir: config.HEALER_STATE_DIR,
    busCooldownMs: config.HEALER_BUS_COOLDOWN_MS,
    mailSender: new AdminNotifier(config, logger),
    recipients: config.ADMIN_EMAILS.length,
    sessions: new PostgresSessions({
      url: config.DATABASE_URL,
      applicationName: `${instance}:remedies`,
      roles: config.HEALER_DATABASE_ROLES,
    }),
    logger,
  });
}
