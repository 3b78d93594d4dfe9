import { z } from 'zod';
import type { RequestContract, ServiceName } from '../contract/define-contract.ts';
import { defineError, type ErrorDefinition } from '../values/app-error.ts';
import { processNameSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';

/** The control requests that an instance serves. */
export const INSTANCE_VERBS = [
  'ping',
  'reset-connections',
  'clear-cache',
  'drain',
  'breakers',
  'set-breaker',
  'pool',
  'set-pool',
] as const;
export type InstanceVerb = (typeof INSTANCE_VERBS)[number];

export const BREAKER_NOT_FOUND = defineError({
  code: 'PLATFORM.BREAKER_NOT_FOUND',
  kind: 'not_found',
  title: 'This instance has no such breaker',
});

export const NO_POOL = defineError({
  code: 'PLATFORM.NO_POOL',
  kind: 'not_found',
  title: 'This instance has no pool of connections',
});

/** How far a pool is used up. `warning`: normal requests wait; `emergency`: new ones are refused. */
export const poolLevelSchema = z.enum(['normal', 'warning', 'emergency']);
export type PoolLevel = z.output<typeof poolLevelSchema>;

/** A pool of connections to PostgreSQL. */
export const poolSchema = z.object({
  in_use: z.number().int(),
  /** Callers that wait for a connection, or for their turn to ask for one. */
  waiting: z.number().int(),
  /** The most connections that the pool makes now. */
  max: z.number().int(),
  level: poolLevelSchema,
  /** `auto`: critical requests come first when connections run out; `off`: all in the order in which they come. */
  mode: z.enum(['auto', 'off']),
  /** Requests that waited and were then served, and requests that were refused, since the start of the process. */
  queued_total: z.number().int(),
  refused_total: z.number().int(),
});

export const breakerStateSchema = z.enum(['closed', 'open', 'half-open']);
/** `auto`: the breaker decides; `open`, `closed`: held there by an operator. */
export const breakerModeSchema = z.enum(['auto', 'open', 'closed']);
/**
 * `rpc.auth`, `http:gateway.system-health.read`, `healer.model.ask@https://model-2`. In a path the name is
 * escaped.
 */
export const breakerNameSchema = z
  .string()
  .regex(/^[!-~]+$/, 'expected visible ASCII characters')
  .max(120)
  .meta({ examples: ['rpc.auth'] });

/** A circuit breaker of one process. */
export const breakerStatusSchema = z.object({
  breaker: breakerNameSchema,
  state: breakerStateSchema,
  mode: breakerModeSchema,
  /** The reason in words: what opened the breaker, or who set it. */
  reason: z.string(),
  since: timestampSchema,
  /** When an open breaker lets a trial through; null unless the breaker opened by itself. */
  reopens_at: timestampSchema.nullable(),
  consecutive_failures: z.number().int(),
  opened_total: z.number().int(),
});

const nothing = z.strictObject({});
const inputs = {
  ping: nothing,
  'reset-connections': nothing,
  'clear-cache': nothing,
  drain: nothing,
  breakers: nothing,
  'set-breaker': z.strictObject({
    breaker: breakerNameSchema,
    mode: breakerModeSchema,
    reason: storedText(500),
  }),
  pool: nothing,
  'set-pool': z.strictObject({ mode: poolSchema.shape.mode, size: z.number().int().min(1).max(500) }),
} as const satisfies Record<InstanceVerb, z.ZodType>;

const outputs = {
  ping: z.object({ instance: z.string(), boot_id: z.string(), state: z.string() }),
  'reset-connections': z.object({ instance: z.string(), reset: z.array(z.string()) }),
  'clear-cache': z.object({ instance: z.string(), cleared: z.array(z.string()) }),
  /** Responds first, then drains and exits with status 0; the platform starts the instance again. */
  drain: z.object({ instance: z.string(), draining: z.literal(true) }),
  breakers: z.object({ instance: z.string(), breakers: z.array(breakerStatusSchema) }),
  'set-breaker': z.object({ instance: z.string(), breaker: breakerStatusSchema }),
  pool: z.object({ instance: z.string(), pool: poolSchema }),
  'set-pool': z.object({ instance: z.string(), pool: poolSchema }),
} as const satisfies Record<InstanceVerb, z.ZodType>;

const ERRORS: Partial<Record<InstanceVerb, readonly ErrorDefinition[]>> = {
  'set-breaker': [BREAKER_NOT_FOUND],
  pool: [NO_POOL],
  'set-pool': [NO_POOL],
};

/**
 * The control request for one instance: `rpc.<service>.instance.<verb>.<instance>`. The instance's name is
 * validated, so that no wildcard reaches a subject.
 */
export function instanceRequest<V extends InstanceVerb>(
  service: ServiceName,
  verb: V,
  instance: string,
): RequestContract<(typeof inputs)[V], (typeof outputs)[V]> {
  return {
    type: 'request',
    subject: `rpc.${service}.instance.${verb}.${processNameSchema.parse(instance)}`,
    owner: service,
    summary: `Ask ${instance} to ${verb}`,
    input: inputs[verb],
    output: outputs[verb],
    errors: ERRORS[verb] ?? [],
    callers: ['healer', 'monitor'],
    repeatable: true,
    permission: 'internal',
    criticality: 'critical',
  };
}

/** Sent by the sweeper of an outbox: which of these events has the consumer consumed? */
export function inboxRequest(service: ServiceName) {
  return {
    type: 'request',
    subject: `rpc.${service}.inbox.confirm`,
    owner: service,
    summary: 'Which of these events has this consumer consumed',
    input: z.strictObject({ consumer: z.string(), event_ids: z.array(z.string()).max(1000) }),
    output: z.object({ confirmed: z.array(z.string()) }),
    errors: [],
    callers: ['auth', 'billing', 'support', 'healer', 'monitor', 'gateway'],
    repeatable: true,
    permission: 'internal',
    criticality: 'critical',
  } as const satisfies RequestContract;
}

/**
 * Sent by the healer before it has dead letters replayed: does this instance run the consumer? Responds only
 * while the service is there.
 */
export function consumerRequest(service: ServiceName) {
  return {
    type: 'request',
    subject: `rpc.${service}.consumer.check`,
    owner: service,
    summary: 'Whether this consumer runs',
    input: z.strictObject({ consumer: z.string() }),
    output: z.object({ running: z.boolean() }),
    errors: [],
    callers: ['healer'],
    repeatable: true,
    permission: 'internal',
    criticality: 'critical',
  } as const satisfies RequestContract;
}

/**
 * Sent by the healer: handle the event of a dead letter once more, in this consumer only. The consumer's inbox
 * makes the effect happen once, so the request may be repeated. Throws UNAVAILABLE while the consumer does not
 * run or a dependency of it is away.
 */
export function replayRequest(service: ServiceName) {
  return {
    type: 'request',
    subject: `rpc.${service}.consumer.replay`,
    owner: service,
    summary: 'Handle the event of a dead letter once more',
    input: z.strictObject({
      consumer: z.string(),
      subject: z.string(),
      /** The CloudEvent as it was stored. */
      event: z.unknown(),
    }),
    /** `reason`: why the consumer could not process the event, redacted; null when it did. */
    output: z.object({ reason: z.string().nullable() }),
    errors: [],
    callers: ['healer'],
    repeatable: true,
    permission: 'internal',
    criticality: 'critical',
  } as const satisfies RequestContract;
}

/**
 * Sent by the healer: enter events of discarded dead letters in the consumer's inbox, without their effect, so
 * that no outbox publishes them again.
 */
export function inboxDiscardRequest(service: ServiceName) {
  return {
    type: 'request',
    subject: `rpc.${service}.inbox.discard`,
    owner: service,
    summary: 'Count these events as consumed, without their effect',
    input: z.strictObject({ consumer: z.string(), event_ids: z.array(z.string()).max(1000) }),
    output: z.object({ discarded: z.number().int() }),
    errors: [],
    callers: ['healer'],
    repeatable: true,
    permission: 'internal',
    criticality: 'critical',
  } as const satisfies RequestContract;
}
