import type { CauseSignal, Symptom } from '@gridworks/contracts';
import { isHard } from './correlation.ts';
import type { IncidentRecord } from './incident-record.ts';

/**
 * After `limit` failures within the window (milliseconds) a further one shows that healing does not remove
 * the cause.
 */
export interface RecurrenceLimit {
  readonly limit: number;
  readonly windowMs: number;
}

/**
 * A reopened incident keeps its whole timeline. With more entries than this a new incident is opened instead.
 */
const MAX_REOPENED_TIMELINE = 150;

/**
 * How often a process failed from `since` to `until` (epoch milliseconds), by its incidents and how often
 * those were reopened. Labelled experiments do not count.
 */
export function countFailures(
  records: readonly IncidentRecord[],
  process: string,
  isSame: (signal: CauseSignal) => boolean,
  { since, until }: { since: number; until: number },
): number {
  const within = (time: string): boolean => Date.parse(time) >= since && Date.parse(time) <= until;
  let count = 0;
  for (const { incident, merged_into } of records) {
    const { cause, experiment } = incident;
    if (experiment !== null || merged_into !== null) continue;
    if (cause.target.process !== process || !isSame(cause.signal)) continue;
    if (within(incident.observed_at)) count++;
    count += incident.timeline.filter(({ at, what }) => what === 'reopened' && within(at)).length;
  }
  return count;
}

/**
 * Whether a process fails too often: before this failure it ended or hung `limit` times within the window.
 */
export function recurs(
  symptom: Symptom,
  records: readonly IncidentRecord[],
  { limit, windowMs }: RecurrenceLimit,
): boolean {
  if (!isHard(symptom.signal)) return false;
  const until = Date.parse(symptom.observed_at);
  return countFailures(records, symptom.target.process, isHard, { since: until - windowMs, until }) >= limit;
}

/**
 * The incident of a process that keeps failing, when it last ended within the window; null when there is
 * none.
 */
export function recurringIncident(
  symptom: Symptom,
  records: readonly IncidentRecord[],
  { windowMs }: RecurrenceLimit,
): IncidentRecord | null {
  const { process } = symptom.target;
  const since = Date.parse(symptom.observed_at) - windowMs;
  return (
    records.find(
      ({ incident, merged_into }) =>
        incident.recurring &&
        merged_into === null &&
        incident.cause.target.process === process &&
        incident.resolved_at !== null &&
        Date.parse(incident.resolved_at) >= since,
    ) ?? null
  );
}

export const mayBeReopened = ({ incident }: IncidentRecord): boolean =>
  incident.timeline.length <= MAX_REOPENED_TIMELINE;

/** When the incident was last opened or reopened, in epoch milliseconds. */
export function openedAt({ incident }: IncidentRecord): number {
  const reopened = incident.timeline.findLast(({ what }) => what === 'reopened');
  return Date.parse(reopened?.at ?? incident.observed_at);
}
