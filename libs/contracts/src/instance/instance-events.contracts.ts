import { z } from 'zod';
import { defineEvent, type EventContract, SERVICES, type ServiceName } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { processNameSchema, timestampSchema } from '../values/identifiers.ts';
import { breakerModeSchema, breakerNameSchema, breakerStateSchema } from './instance.contracts.ts';

/** The ten ways in which a process heals a failed call of its own, and ESCALATE when none of them is right. */
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

/** Who decided what to do about an error: what was learned, the rules, a model's verdict on trial, or nobody. */
export const errorDecidersSchema = z.enum(['pattern', 'rule', 'model', 'none']);

/** Equal errors of one call site within about a second, and what became of them. Redacted and cut to size. */
export const errorCaptureSchema = z.object({
  /** Stays the same when it has to be sent again. */
  id: z.string().min(1).max(100),
  fingerprint: fingerprintSchema,
  /** The call site: `billing.postgres.transaction`. */
  source: z.string().min(1).max(200),
  /** Who answered, or failed to: `postgres`, `redis`, `smtp`, or the service that was asked. */
  dependency: z.string().max(60).nullable(),
  category: z.enum(['database', 'api', 'runtime', 'performance']),
  criticality: z.enum(['critical', 'normal', 'optional']),
  /** A kind of the classifier: `connection_lost`, `deadlock`, ... */
  kind: z.string().min(1).max(60),
  transient: z.boolean(),
  /** What was decided, and by whom. */
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
  /** What was tried on the first occurrence. */
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
  /** Captures that this process could not keep since its start: too many waited. */
  dropped: z.number().int().min(0),
});
errorsCapturedSchema.register(NAMED_SCHEMAS, { id: 'ErrorsCaptured' });
export type ErrorsCaptured = z.output<typeof errorsCapturedSchema>;

type PerService<P extends z.ZodType> = Readonly<Record<ServiceName, EventContract<P>>>;
const perService = <P extends z.ZodType>(define: (service: ServiceName) => EventContract<P>): PerService<P> =>
  Object.freeze(Object.fromEntries(SERVICES.map((service) => [service, define(service)]))) as PerService<P>;

/** Told by every service of its own errors. One durable consumer each, since NATS 2.9 knows one filter a consumer. */
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
  /** In words: what tripped it, or who set it. */
  reason: z.string(),
  at: timestampSchema,
});
breakerTransitionSchema.register(NAMED_SCHEMAS, { id: 'BreakerChange' });
export type BreakerChange = z.output<typeof breakerTransitionSchema>;

/** Told at most once a second for each breaker: one that flaps is told as where it is by then. */
export const breakerChanged = perService((service) =>
  defineEvent({
    subject: `event.${service}.breaker.changed`,
    summary: `A circuit breaker of ${service} opened, closed, or lets a trial through`,
    payload: breakerTransitionSchema,
    listeners: ['healer', 'gateway'],
  }),
);

/** Work that a service could not do when it was asked, written down to be done later, once, by the same service. */
export const callQueued = perService((service) =>
  defineEvent({
    subject: `event.${service}.call.queued`,
    summary: `Work of ${service} that waits until its dependency is back`,
    payload: z.object({
      /** Whoever does it does it once for each id. */
      id: z.string().min(1).max(200),
      /** The call site, which also names who does it. */
      source: z.string().min(1).max(200),
      payload: z.unknown(),
      /** The kind of the error for which it had to wait. */
      reason: z.string(),
      queued_at: timestampSchema,
    }),
    consumers: [`${service}_replay-call`],
  }),
);
