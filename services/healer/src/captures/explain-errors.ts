import { signalRow } from '@gridworks/contracts';
import type { CaptureState } from '../incidents/capture-state.ts';
import { dependsOn, isSoft } from '../incidents/correlation.ts';
import { type IncidentRecord, isOfCaptures } from '../incidents/incident-record.ts';

/** Errors that a process caught: whose they are, and when, in epoch milliseconds. */
export interface CaughtErrors {
  readonly service: string;
  readonly process: string;
  readonly dependency: string | null;
  readonly firstAt: number;
  readonly lastAt: number;
  /** They do not pass by themselves. */
  readonly lasting: boolean;
}

/** Errors may be caught so long before the last sign of life of what fails, and after it is well. */
const BEFORE_MS = 10_000;
const AFTER_MS = 60_000;
/** What does not pass by itself is no aftermath of what is well again. */
const LASTING_AFTER_MS = 5000;
/** Nor of what has been ill for so long: a fault of its own would stay hidden for as long. */
const LASTING_WITHIN_MS = 600_000;

/**
 * The incident of a process or server that is behind these errors, or null: of what the call asked, of the process
 * itself, of what the asked one stands on, of what the service stands on; the closest, then the newest. Reports that
 * wait for a human (dead letters, a consumer that lags) explain no error, except of calls to what they are about.
 */
export function explainErrors(
  caught: CaughtErrors,
  records: readonly IncidentRecord[],
): IncidentRecord | null {
  let best: { record: IncidentRecord; distance: number } | null = null;
  for (const record of records) {
    const distance = distanceTo(caught, record);
    if (distance === null || !mayExplain(record, caught)) continue;
    if (!overlaps(caught, record, caught.lasting ? LASTING_AFTER_MS : AFTER_MS)) continue;
    if (caught.lasting && caught.firstAt > Date.parse(record.incident.began_at) + LASTING_WITHIN_MS) continue;
    const closer =
      best === null ||
      distance < best.distance ||
      (distance === best.distance && record.incident.id > best.record.incident.id);
    if (closer) best = { record, distance };
  }
  return best?.record ?? null;
}

function mayExplain(record: IncidentRecord, { dependency }: CaughtErrors): boolean {
  const { signal } = record.incident.cause;
  if (isOfCaptures(record) || record.hold_until !== null || record.merged_into !== null) return false;
  if (signalRow(signal).dependency !== undefined) return signalRow(signal).dependency === dependency;
  if (signalRow(signal).reportOnly) return false;
  // A soft one that a human has had for long would swallow whatever else happens to that service.
  return !(record.gave_up && record.incident.resolved_at === null && isSoft(signal));
}

function overlaps({ firstAt, lastAt }: CaughtErrors, { incident }: IncidentRecord, afterMs: number): boolean {
  const end = incident.resolved_at === null ? Number.POSITIVE_INFINITY : Date.parse(incident.resolved_at);
  return lastAt >= Date.parse(incident.began_at) - BEFORE_MS && firstAt <= end + afterMs;
}

function distanceTo({ service, process, dependency }: CaughtErrors, { incident }: IncidentRecord) {
  const { name, process: unhealthy } = incident.cause.target;
  const about = signalRow(incident.cause.signal).dependency ?? name;
  if (dependency === about) return 0;
  if (process === unhealthy) return 1;
  if (service === name) return 2;
  if (dependency !== null && dependsOn(dependency, name)) return 3;
  return dependsOn(service, name) ? 4 : null;
}

export const caughtOf = (service: string, process: string, state: CaptureState): CaughtErrors => ({
  service,
  process,
  dependency: state.dependency,
  firstAt: Date.parse(state.first_at),
  lastAt: Date.parse(state.last_at),
  lasting: state.severity === 'lasting',
});
