import type { GatewayHttpTracker } from '../checks/processes/gateway-http-tracker.ts';
import type { ServerTracker } from '../checks/servers/server-tracker.ts';
import type { TrackedInstance } from '../pulses/tracked-instance.ts';
import type { Condition } from './condition.ts';
import { explained } from './judge-instance.ts';

/** A gateway with a pulse this recent is surely not the reason why gateway HTTP fails. */
const FRESH_MS = 1400;
/** A gateway younger than this may not listen yet. */
const YOUNG_MS = 10_000;

/**
 * Whether gateway HTTP fails although every gateway reports that it is healthy. A gateway that is silent,
 * starting or unhealthy explains the failure by itself, and gets a symptom of its own.
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
