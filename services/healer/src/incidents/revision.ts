import type { Incident } from '@gridworks/contracts';
import type { IncidentRecord } from './incident-record.ts';

/** Epoch milliseconds. Functions of this folder take the time as an argument and never read a clock. */
export type Instant = number;
type Entry = Incident['timeline'][number];

/**
 * After so many entries only the most important ones are added: a record must stay far below the 1 MB of a
 * NATS message.
 */
export const MAX_TIMELINE = 200;
const ALWAYS_KEPT: readonly Entry['what'][] = ['intended', 'acted', 'resolved', 'escalated', 'notified'];

/**
 * A change that the state of the incident forbids. Always a bug of the healer, never a fault of the input.
 */
export class IncidentStateError extends Error {
  override readonly name = 'IncidentStateError';
}

export const instant = (at: Instant): string => new Date(at).toISOString();

/** Returns the record with these changes and timeline entries, as its next revision. */
export function revise(
  record: IncidentRecord,
  incident: Partial<Incident>,
  entries: readonly Entry[],
  rest: Partial<Omit<IncidentRecord, 'incident'>> = {},
): IncidentRecord {
  const before = record.incident;
  const kept = before.timeline.length < MAX_TIMELINE;
  const added = entries.filter(({ what }) => kept || ALWAYS_KEPT.includes(what));
  return {
    ...record,
    ...rest,
    incident: {
      ...before,
      ...incident,
      timeline: [...before.timeline, ...added],
      revision: before.revision + 1,
    },
  };
}

export const entry = (at: Instant, what: Entry['what'], text: string): Entry => ({
  at: instant(at),
  what,
  text,
});
