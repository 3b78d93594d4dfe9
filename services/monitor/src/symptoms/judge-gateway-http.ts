import type { GatewayHttpTracker } from '../checks/gateway-http-tracker.ts';
import type { ServerTracker } from '../checks/server-tracker.ts';
import type { TrackedInstance } from '../pulses/tracked-instance.ts';
import type { Condition } from './condition.ts';
import { explained } from './judge-instance.ts';

/** A gateway that pulsed this recently is surely not the reason why its door is shut. */
const FRESH_MS = 1400;
/** A gateway younger than this may still be opening its door. */
const YOUNG_MS = 10_000;

/**
 * Whether the door is shut although every gateway says that it is well. A gateway that is silent, starting or
 * ill explains a shut door by itself, and gets a symptom of its own.
 */
export function judgeGatewayHttp(
  gatewayHttp: GatewayHttpTracker,
  gateways: readonly TrackedInstance[],
  servers: ReadonlyMap<string, ServerTracker>,
  now: number,
): Condition[] {
  const [first] = gateways;
  if (!first || !gatewayHttp.shut(now) || explained('gateway', servers, now)) return [];
  const healthy = gateways.every(
    (one) =>
      one.pulse.state === 'ready' &&
      now - one.seenAt < FRESH_MS &&
      now - one.bootSeenAt > YOUNG_MS &&
      !one.unresponsive &&
      !one.restart,
  );
  if (!healthy) return [];
  return [
    {
      signal: 'http.unresponsive',
      target: { kind: 'service', name: 'gateway', process: first.pulse.instance },
      beganAt: gatewayHttp.lastOkAt ?? now,
      suspects: [],
      evidence: { error: gatewayHttp.error },
    },
  ];
}
