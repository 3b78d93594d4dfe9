import { z } from 'zod';
import type { RequestContract, ServiceName } from '../define-contract.ts';
import { processNameSchema } from '../identifiers.ts';

/** What an instance can be asked to do to itself. */
export const INSTANCE_VERBS = ['ping', 'reset-connections', 'clear-cache', 'drain'] as const;
export type InstanceVerb = (typeof INSTANCE_VERBS)[number];

const outputs = {
  ping: z.object({ instance: z.string(), boot_id: z.string(), state: z.string() }),
  'reset-connections': z.object({ instance: z.string(), reset: z.array(z.string()) }),
  'clear-cache': z.object({ instance: z.string(), cleared: z.array(z.string()) }),
  /** Answers first, then drains and exits with status 0; the platform starts it again. */
  drain: z.object({ instance: z.string(), draining: z.literal(true) }),
} as const;

/**
 * The control request for one instance: `rpc.<service>.instance.<verb>.<instance>`. The instance's name is
 * checked, so that no wildcard reaches a subject.
 */
export function instanceRequest<V extends InstanceVerb>(
  service: ServiceName,
  verb: V,
  instance: string,
): RequestContract<z.ZodType<Record<string, never>>, (typeof outputs)[V]> {
  return {
    type: 'request',
    subject: `rpc.${service}.instance.${verb}.${processNameSchema.parse(instance)}`,
    owner: service,
    summary: `Ask ${instance} to ${verb}`,
    input: z.strictObject({}) as unknown as z.ZodType<Record<string, never>>,
    output: outputs[verb],
    errors: [],
    callers: ['healer', 'monitor'],
    repeatable: true,
  };
}

/** Asked by an outbox's sweeper: which of these events has your consumer taken in for good? */
export function inboxRequest(service: ServiceName) {
  return {
    type: 'request',
    subject: `rpc.${service}.inbox.confirm`,
    owner: service,
    summary: 'Which of these events has this consumer taken in',
    input: z.strictObject({ consumer: z.string(), event_ids: z.array(z.string()).max(1000) }),
    output: z.object({ confirmed: z.array(z.string()) }),
    errors: [],
    callers: ['auth', 'billing', 'support', 'healer', 'monitor', 'gateway'],
    repeatable: true,
  } as const satisfies RequestContract;
}
