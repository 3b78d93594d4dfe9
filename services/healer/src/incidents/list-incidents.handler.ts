import { HandleRequest } from '@gridworks/bus';
import { listIncidents, type OutputOf, type ParsedInputOf, pageOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { IncidentRepository } from './incident.repository.ts';

/** From the live state, so that it answers while PostgreSQL is the patient. */
@Controller()
export class ListIncidentsHandler {
  constructor(private readonly incidents: IncidentRepository) {}

  @HandleRequest(listIncidents)
  handle(query: ParsedInputOf<typeof listIncidents>): OutputOf<typeof listIncidents> {
    const { limit, status, starting_after: after, ending_before: before } = query;
    const matching = this.incidents
      .all()
      .filter(({ hold_until, incident }) => hold_until === null && (!status || incident.status === status))
      .map(({ incident }) => incident);
    const rows = before
      ? matching.filter(({ id }) => id > before).reverse()
      : matching.filter(({ id }) => !after || id < after);
    const page = pageOf(rows.slice(0, limit + 1), limit, before !== undefined);
    return { object: 'list', url: '/v1/admin/incidents', ...page };
  }
}
