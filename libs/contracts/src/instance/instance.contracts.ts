import { z } from 'zod';
import type { RequestContract, ServiceName } from '../contract/define-contract.ts';
import { defineError } from '../values/app-error.ts';
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
] as const;
export type InstanceVerb = (typeof INSTANCE_VERBS)[number];

export const BREAKER_NOT_FOUND = defineError({
  code: 'PLATFORM.BREAKER_NOT_FOUND',
  kind: 'not_found',
  title: 'This instance has no such breaker',
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
} as const satisfies Record<InstanceVerb, z.ZodType>;

const outputs = {
  ping: z.object({ instance: z.string(), boot_id: z.string(), state: z.string() }),
  'reset-connections': z.object({ instance: z.string(), reset: z.array(z.string()) }),
  'clear-cache': z.object({ instance: z.string(), cleared: z.array(z.string()) }),
  /** Responds first, then drains and exits with status 0; the platform starts the instance again. */
  drain: z.object({ instance: z.string(), draining: z.literal(true) }),
  breakers: z.object({ instance: z.string(), breakers: z.array(breakerStatusSchema) }),
  'set-breaker': z.object({ instance: z.string(), breaker: breakerStatusSchema }),
} as const satisfies Record<InstanceVerb, z.ZodType>;

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
    errors: verb === 'set-breaker' ? [BREAKER_NOT_FOUND] : [],
    callers: ['healer', 'monitor'],
    repeatable: true,
    permission: 'internal',
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
  } as const satisfies RequestContract;
}
