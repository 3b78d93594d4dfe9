import { z } from 'zod';
import { defineEvent, type EventContract, SERVICES, type ServiceName } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { processNameSchema, timestampSchema } from '../values/identifiers.ts';
import {
  breakerModeSchema,
  breakerNameSchema,
  breakerStateSchema,
  poolLevelSchema,
} from './instance.contracts.ts';

/**
 * The ten strategies with which a process heals a failed call of its own, and ESCALATE when none of them
 * fits.
 */
export const HEALING_STRATEGIES = [
  'RETRY_WITH_BACKOFF',
  'FALLBACK_TO_CACHE',
  'SWITCH_API_ENDPOINT',
  'CLEAR_CACHE_AND_RETRY',
  'RESET_CONNECTION',
  'USE_DEFAULT_VALUE',
  'SKIP_OPERATION',
  'QUEUE_FOR_LATER',
  'ROLLBACK_TRANSACTION',
  'RATE_LIMIT_BACKOFF',
  'ESCALATE',
] as const;
export const healingStrategySchema = z.enum(HEALING_STRATEGIES);
export type HealingStrategy = z.output<typeof healingStrategySchema>;

/** 16 hexadecimal digits of the error's form, or `<guard>@<call site>`. */
export const fingerprintSchema = z.string().min(1).max(200);

/** What decided the strategy for an error: a pattern, the rules, a model's verdict on trial, or nothing. */
export const errorDecidersSchema = z.enum(['pattern', 'rule', 'model', 'none']);

/** Equal errors of one call site within about a second, and their outcome. Redacted and cut to size. */
export const errorCaptureSchema = z.object({
  /** Stays the same when the capture has to be sent again. */
  id: z.string().min(1).max(100),
  fingerprint: fingerprintSchema,
  /** The call site: `billing.postgres.transaction`. */
  source: z.string().min(1).max(200),
  /** The dependency that failed: `postgres`, `redis`, `smtp`, or the service that got the request. */
  dependency: z.string().max(60).nullable(),
  category: z.enum(['database', 'api', 'runtime', 'performance']),
  criticality: z.enum(['critical', 'normal', 'optional']),
  /** A kind of the classifier: `connection_lost`, `deadlock`, ... */
  kind: z.string().min(1).max(60),
  transient: z.boolean(),
  /** The decided strategy, and what decided it. */
  strategy: healingStrategySchema,
  decided_by: errorDecidersSchema,
  confidence: z.number().min(0).max(1),
  why: z.string(),
  rule: z.string(),
  /** The first occurrence. */
  error: z.object({
    name: z.string(),
    code: z.string().nullable(),
    message: z.string(),
    stack: z.string().nullable(),
  }),
  /** The steps that were tried on the first occurrence. */
  steps: z
    .array(
      z.object({
        strategy: healingStrategySchema,
        outcome: z.enum(['healed', 'failed', 'skipped']),
        why: z.string(),
        duration_ms: z.number(),
      }),
    )
    .max(20),
  /** Occurrences, and how many of them ended with a value for the caller. */
  count: z.number().int().min(1),
  healed: z.number().int().min(0),
  /** By strategy, over all occurrences; a strategy that was skipped is not counted. */
  outcomes: z.partialRecord(
    healingStrategySchema,
    z.object({ healed: z.number().int().min(0), failed: z.number().int().min(0) }),
  ),
  first_at: timestampSchema,
  last_at: timestampSchema,
});
errorCaptureSchema.register(NAMED_SCHEMAS, { id: 'CapturedError' });
export type CapturedError = z.output<typeof errorCaptureSchema>;

export const errorsCapturedSchema = z.object({
  service: z.enum(SERVICES),
  instance: processNameSchema,
  captures: z.array(errorCaptureSchema).min(1).max(100),
  /** Captures that this process dropped since its start, because too many waited. */
  dropped: z.number().int().min(0),
});
errorsCapturedSchema.register(NAMED_SCHEMAS, { id: 'ErrorsCaptured' });
export type ErrorsCaptured = z.output<typeof errorsCapturedSchema>;

type PerService<P extends z.ZodType> = Readonly<Record<ServiceName, EventContract<P>>>;
const perService = <P extends z.ZodType>(define: (service: ServiceName) => EventContract<P>): PerService<P> =>
  Object.freeze(Object.fromEntries(SERVICES.map((service) => [service, define(service)]))) as PerService<P>;

/**
 * Published by every service about its own errors. Each event has a durable consumer of its own, since NATS
 * 2.9 has one filter per consumer.
 */
export const errorCaptured = perService((service) =>
  defineEvent({
    subject: `event.${service}.error.captured`,
    summary: `Errors that ${service} caught, and what was tried about them`,
    payload: errorsCapturedSchema,
    consumers: [`healer_record-${service}-errors`],
  }),
);

export const breakerTransitionSchema = z.object({
  service: z.enum(SERVICES),
  instance: processNameSchema,
  breaker: breakerNameSchema,
  from: breakerStateSchema,
  to: breakerStateSchema,
  mode: breakerModeSchema,
  /** The reason in words: what opened the breaker, or who set it. */
  reason: z.string(),
  at: timestampSchema,
});
breakerTransitionSchema.register(NAMED_SCHEMAS, { id: 'BreakerChange' });
export type BreakerChange = z.output<typeof breakerTransitionSchema>;

/**
 * Published at most once a second for each breaker; for a breaker that flaps, with its state at that time.
 */
export const breakerChanged = perService((service) =>
  defineEvent({
    subject: `event.${service}.breaker.changed`,
    summary: `A circuit breaker of ${service} opened, closed, or lets a trial through`,
    payload: breakerTransitionSchema,
    listeners: ['healer', 'gateway'],
  }),
);

/** A pool of connections that is more, or less, used up than before. */
export const poolChangeSchema = z.object({
  service: z.enum(SERVICES),
  instance: processNameSchema,
  /** The changes since the event before, oldest first; of many the latest. */
  changes: z
    .array(
      z.object({
        at: timestampSchema,
        from: poolLevelSchema,
        to: poolLevelSchema,
        in_use: z.number().int(),
        /** Requests that wait for their turn. */
        queued: z.number().int(),
        max: z.number().int(),
      }),
    )
    .min(1)
    .max(20),
  /** Requests that waited and were then served, and requests that were refused, since the start of the process. */
  queued_total: z.number().int(),
  refused_total: z.number().int(),
});
export type PoolChange = z.output<typeof poolChangeSchema>;

/** Published at most once a second. */
export const poolChanged = perService((service) =>
  defineEvent({
    subject: `event.${service}.pool.changed`,
    summary: `Connections of ${service} to PostgreSQL run out, or do no longer`,
    payload: poolChangeSchema,
    listeners: ['healer'],
  }),
);

/**
 * Work that a service could not do at the time of the request, stored to be done later, once, by the same
 * service.
 */
export const callQueued = perService((service) =>
  defineEvent({
    subject: `event.${service}.call.queued`,
    summary: `Work of ${service} that waits until its dependency is back`,
    payload: z.object({
      /** The service does the work once for each id. */
      id: z.string().min(1).max(200),
      /** The call site, which also names the service that does the work. */
      source: z.string().min(1).max(200),
      payload: z.unknown(),
      /** The kind of the error because of which the work had to wait. */
      reason: z.string(),
      queued_at: timestampSchema,
    }),
    consumers: [`${service}_replay-call`],
  }),
);
