import type { InstanceVerb, Target } from '@gridworks/contracts';

/**
 * Sends a control request to an instance (`rpc.<service>.instance.<verb>.<instance>`). Throws when the
 * instance does not respond in time or refuses.
 */
export interface InstanceControl {
  send(verb: InstanceVerb, target: Target, timeoutMs: number): Promise<Record<string, unknown>>;
}
