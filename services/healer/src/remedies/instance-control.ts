import type { InstanceVerb, Target } from '@gridworks/contracts';

/**
 * Asks an instance to do something to itself (`rpc.<service>.instance.<verb>.<instance>`). Throws when it does not
 * answer in time or refuses.
 */
export interface InstanceControl {
  send(verb: InstanceVerb, target: Target, timeoutMs: number): Promise<Record<string, unknown>>;
}
