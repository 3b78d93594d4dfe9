import type { ServerTracker } from '../checks/server-tracker.ts';
import type { TrackedInstance } from '../pulses/tracked-instance.ts';
import type { Condition } from './condition.ts';
import { condition } from './judge-instance.ts';

/** Older pulses say nothing about now. */
const FRESH_MS = 3000;

/** What pulses say that nobody restarts a process for. Each function is one signal. */
export function judgePulses(
  instances: readonly TrackedInstance[],
  _servers: ReadonlyMap<string, ServerTracker>,
  now: number,
): Condition[] {
  const fresh = instances.filter((one) => one.heard && !one.unresponsive && now - one.seenAt < FRESH_MS);
  return [...fresh.flatMap((one) => overloaded(one))];
}

const overloadOf = ({ pulse }: TrackedInstance): string | undefined =>
  pulse.degraded.find((text) => text.startsWith('overload:'));

function overloaded(known: TrackedInstance): Condition[] {
  const text = overloadOf(known);
  if (known.pulse.service !== 'gateway' || text === undefined) return [];
  const evidence = { degraded: text, in_flight: known.pulse.in_flight };
  return [condition(known, 'gateway.overloaded', known.seenAt, evidence)];
}
