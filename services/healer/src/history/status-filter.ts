import type { Incident, InputOf, listIncidents } from '@gridworks/contracts';

type Status = Incident['status'];
/** What a list of incidents is narrowed to; null: nothing. */
export type StatusFilter = NonNullable<InputOf<typeof listIncidents>['status']> | null;

export const fitsStatus = (status: Status, filter: StatusFilter): boolean =>
  filter === null || (filter === 'unresolved' ? status !== 'resolved' : status === filter);

/**
 * The status that history is read for; null: all, undefined: none. An incident that is going on is in the live state.
 * History is not read for it: it may hold such a status for an incident that no healer drives any more.
 */
export function statusInHistory(filter: StatusFilter): Status | null | undefined {
  if (filter === 'open' || filter === 'acting' || filter === 'verifying') return undefined;
  return filter === 'unresolved' ? 'escalated' : filter;
}
