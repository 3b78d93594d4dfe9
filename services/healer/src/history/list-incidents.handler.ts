import { HandleRequest } from '@gridworks/bus';
import { listIncidents, listPage, type OutputOf, type ParsedInputOf, pageOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { IncidentRepository, type ListedIncident } from '../incidents/incident.repository.ts';

/** From the live state, so that it answers while PostgreSQL is the patient. */
@Controller()
export class ListIncidentsHandler {
  constructor(private readonly incidents: IncidentRepository) {}

  @HandleRequest(listIncidents)
  handle(query: ParsedInputOf<typeof listIncidents>): OutputOf<typeof listIncidents> {
    const { limit, status, starting_after: after, ending_before: before } = query;
    const listed = this.incidents.listed();
    const rows = (before ? newerThan(listed, before) : after ? olderThan(listed, after) : listed)
      .map(({ record }) => record.incident)
      .filter((incident) => !status || incident.status === status);
    return listPage(listIncidents, pageOf(rows.slice(0, limit + 1), limit, before !== undefined));
  }
}

// A cursor that is no longer in the list stands where its id belongs by age.

/** Oldest first. */
function newerThan(listed: readonly ListedIncident[], cursor: string): ListedIncident[] {
  const byAge = listed.filter(({ record }) => record.incident.id >= cursor).sort(byId);
  const [nearest] = byAge;
  if (!nearest) return [];
  const isThere = nearest.record.incident.id === cursor;
  return listed
    .filter(({ position }) => position > nearest.position || (position === nearest.position && !isThere))
    .reverse();
}

/** Newest first. */
function olderThan(listed: readonly ListedIncident[], cursor: string): ListedIncident[] {
  const nearest = listed
    .filter(({ record }) => record.incident.id <= cursor)
    .sort(byId)
    .at(-1);
  if (!nearest) return [];
  const isThere = nearest.record.incident.id === cursor;
  return listed.filter(
    ({ position }) => position < nearest.position || (position === nearest.position && !isThere),
  );
}

const byId = (a: ListedIncident, b: ListedIncident): number =>
  a.record.incident.id < b.record.incident.id ? -1 : 1;
