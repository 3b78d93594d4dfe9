import { type IncidentError, signalRow, type Target } from '@gridworks/contracts';
import { dependsOn, isSoft, lacksSpace } from '../incidents/correlation.ts';
import { type IncidentRecord, isOfCaptures } from '../incidents/incident-record.ts';
import type { GatheredErrors } from './gathered-errors.ts';

/** Errors that a process caught: of which process, and when, in epoch milliseconds. */
export interface CaughtErrors {
  readonly service: string;
  readonly process: string;
  readonly dependency: string | null;
  readonly firstAt: number;
  readonly lastAt: number;
  /** The errors do not end by themselves. */
  readonly lasting: boolean;
  /** A disk is full, says every error that does not end by itself. */
  readonly lacksSpace?: boolean;
}

/** How long before an incident began, and after it ended, errors may be caught and still belong to it. */
const BEFORE_MS = 10_000;
const AFTER_MS = 60_000;
/**
 * The same after the end for lasting errors: such an error is no aftermath of a target that is healthy again.
 */
const LASTING_AFTER_MS = 5000;
/**
 * A lasting error that first occurs later than this after the incident began is not explained by it:
 * otherwise a fault of the process itself would stay hidden for as long as the incident is open.
 */
const LASTING_WITHIN_MS = 600_000;

/**
 * Returns the incident of a process or server that explains these errors, or null. Candidates, closest first:
 * the dependency of the call, the process itself, its service, what the dependency depends on, what the
 * service depends on. Among equals the newest wins. Incidents that only report (dead letters, a lagging
 * consumer) explain no error, except of calls to the dependency that they are about.
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

function mayExplain(record: IncidentRecord, caught: CaughtErrors): boolean {
  const { dependency, lasting } = caught;
  const { signal } = record.incident.cause;
  if (isOfCaptures(record) || record.hold_until !== null || record.merged_into !== null) return false;
  if (signalRow(signal).dependency !== undefined) return signalRow(signal).dependency === dependency;
  if (fullServerOf(record) || isOfDisk(record, caught)) return true;
  if (signalRow(signal).reportOnly || (lasting && signalRow(signal).explainsPassingOnly)) return false;
  // A soft incident that waits for a human would swallow every other error of that service.
  return !(record.gave_up && record.incident.resolved_at === null && isSoft(signal));
}

/** The server that refused writes on a filling disk: the incident then explains errors as one of that server would. */
const fullServerOf = ({ incident }: IncidentRecord): Target | undefined =>
  incident.cause.signal === 'disk.filling'
    ? incident.symptoms.find(({ evidence, signal }) => lacksSpace(signal, evidence))?.target
    : undefined;

/** Errors that say that a disk is full are explained by the disk that is. */
const isOfDisk = ({ incident }: IncidentRecord, { lacksSpace: lacking }: CaughtErrors): boolean =>
  lacking === true && incident.cause.signal === 'disk.filling';

function overlaps({ firstAt, lastAt }: CaughtErrors, { incident }: IncidentRecord, afterMs: number): boolean {
  const end = incident.resolved_at === null ? Number.POSITIVE_INFINITY : Date.parse(incident.resolved_at);
  return lastAt >= Date.parse(incident.began_at) - BEFORE_MS && firstAt <= end + afterMs;
}

function distanceTo(caught: CaughtErrors, record: IncidentRecord) {
  const { service, process, dependency } = caught;
  const { incident } = record;
  if (isOfDisk(record, caught)) return 0;
  const { name, process: unhealthy } = fullServerOf(record) ?? incident.cause.target;
  const about = signalRow(incident.cause.signal).dependency ?? name;
  if (dependency === about) return 0;
  if (process === unhealthy) return 1;
  if (service === name) return 2;
  if (dependency !== null && dependsOn(dependency, name)) return 3;
  return dependsOn(service, name) ? 4 : null;
}

const isOfFullDisk = ({ kind }: IncidentError): boolean => kind === 'disk_full';
const endsOrIsOfFullDisk = (error: IncidentError): boolean =>
  isOfFullDisk(error) || error.strategy !== 'ESCALATE' || error.healed >= error.count;

export const caughtOf = (
  service: string,
  process: string,
  { state, errors }: GatheredErrors,
): CaughtErrors => ({
  service,
  process,
  dependency: state.dependency,
  firstAt: Date.parse(state.first_at),
  lastAt: Date.parse(state.last_at),
  lasting: state.severity === 'lasting',
  lacksSpace: state.unlisted === 0 && errors.some(isOfFullDisk) && errors.every(endsOrIsOfFullDisk),
});
