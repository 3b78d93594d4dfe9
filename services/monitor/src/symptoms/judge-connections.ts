import type { ConfirmedLoss } from '../checks/servers/connection-losses.ts';
import type { TrackedInstance } from '../pulses/tracked-instance.ts';
import type { Condition } from './condition.ts';
import { condition } from './judge-instance.ts';

/** The confirmed losses of connections as conditions, one per instance. */
export function judgeConnections(
  losses: readonly ConfirmedLoss[],
  instances: readonly TrackedInstance[],
): Condition[] {
  return instances.flatMap((known) => {
    const own = losses.filter(({ instance }) => instance === known.pulse.instance);
    if (own.length === 0 || known.unresponsive || known.restart) return [];
    const beganAt = Math.min(...own.map((loss) => loss.beganAt));
    const lost = Object.fromEntries(own.map((loss) => [loss.server, loss.lost]));
    return [condition(known, 'connections.lost', beganAt, { lost })];
  });
}
