import type { Incident } from '@gridworks/contracts';
import { describeSpan } from '../incidents/describe.ts';
import { ALLOWED, refuse, type Verdict } from './verdict.ts';

/**
 * Refuses to heal the same cause for ever: when so many incidents of it began within the window (ms) before this
 * one, healing does not help and a human must find out why. Incidents of a labelled experiment are not counted,
 * and are not refused.
 */
export function effectiveChain(
  incident: Incident,
  others: readonly Incident[],
  { limit, windowMs }: { limit: number; windowMs: number },
): Verdict {
  if (incident.experiment !== null) return ALLOWED;
  const since = Date.parse(incident.observed_at) - windowMs;
  const earlier = others.filter(
    (other) =>
      other.id !== incident.id &&
      other.experiment === null &&
      other.cause.signal === incident.cause.signal &&
      other.cause.target.process === incident.cause.target.process &&
      Date.parse(other.observed_at) >= since,
  );
  if (earlier.length < limit) return ALLOWED;
  return refuse(
    'ineffective-chain',
    `the same trouble came ${earlier.length} times before within ${describeSpan(windowMs)}, so healing does not cure it`,
  );
}
