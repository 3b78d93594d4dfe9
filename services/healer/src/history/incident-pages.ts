import { type Incident, incidentSchema, newId, type Page, pageOf } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

export interface IncidentQuery {
  readonly limit: number;
  readonly starting_after?: string | undefined;
  readonly ending_before?: string | undefined;
  readonly status?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly service?: string | undefined;
  readonly signal?: string | undefined;
  readonly decider?: string | undefined;
}

/** The smallest id that an incident of this time or later can have: ids sort by age. */
export const firstIdAt = (moment: string): string => newId('incident', Date.parse(moment)).slice(0, 13);

/** Incidents from history, newest first by their ids. */
@Injectable()
export class IncidentPages {
  constructor(private readonly database: Database) {}

  /** Throws `PLATFORM.UNAVAILABLE` while PostgreSQL is away. */
  async page(query: IncidentQuery): Promise<Page<Incident>> {
    const values: unknown[] = [];
    const conditions: string[] = [];
    const add = (condition: string, value: unknown) => {
      if (value !== undefined) conditions.push(`${condition} $${values.push(value)}`);
    };
    add('id <', query.starting_after);
    add('id >', query.ending_before);
    add('id >=', query.from && firstIdAt(query.from));
    add('id <', query.to && firstIdAt(query.to));
    if (query.status === 'unresolved') add('status <>', 'resolved');
    else add('status =', query.status);
    add('target_name =', query.service);
    add('signal =', query.signal);
    add('decided_by =', query.decider);
    const isBackward = query.ending_before !== undefined;
    const rows = await this.database.read<{ snapshot: unknown }[]>((manager) =>
      manager.query(
        `select snapshot from healing_incidents ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
         order by id ${isBackward ? 'asc' : 'desc'} limit $${values.push(query.limit + 1)}`,
        values,
      ),
    );
    // A row whose shape is no longer known is left out, so that it does not fail the list.
    const incidents = rows.flatMap(({ snapshot }) => {
      const parsed = incidentSchema.safeParse(snapshot);
      return parsed.success ? [parsed.data] : [];
    });
    return pageOf(incidents, query.limit, isBackward);
  }
}
