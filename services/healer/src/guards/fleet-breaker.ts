import { describeSpan } from '../incidents/describe.ts';
import type { ActLedger } from './act.ts';
import { ALLOWED, endsProcess, type GuardDecision, type ProposedAct, refuse } from './guard-decision.ts';

export const FLEET_BREAKER = 'fleet-breaker';

/**
 * Opens when the whole fleet needed too many disruptive acts within the window (ms): then restarts do not
 * remove the cause. The breaker stays open, as a pause of everything, until a human removes that pause.
 */
export function fleetBreakerClosed(
  act: ProposedAct,
  ledger: ActLedger,
  { limit, windowMs }: { limit: number; windowMs: number },
  now: number,
): GuardDecision {
  if (!endsProcess(act.remedy)) return ALLOWED;
  const since = Math.max(now - windowMs, ledger.breaker_closed_at ? Date.parse(ledger.breaker_closed_at) : 0);
  const count = ledger.acts.filter((one) => endsProcess(one.remedy) && Date.parse(one.at) > since).length;
  if (count < limit) return ALLOWED;
  return refuse(FLEET_BREAKER, `${count} processes were taken away within ${describeSpan(windowMs)}`);
}
