import { type Incident, incidentSchema } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { ReadHistory } from './merge-incidents.ts';

/** Text that PostgreSQL can store: no NUL, no half of a surrogate pair. */
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** The history of incidents, in PostgreSQL. It is for people and reports; healing never needs it. */
@Injectable()
export class HistoryRepository {
  constructor(private readonly database: Database) {}

  /**
   * Stores the state of an incident unless a later one is stored, and appends new entries of its timeline.
   */
  async record(tx: Transaction, incident: Incident): Promise<void> {
    const { id, revision, status, cause, title, decided_by, rule, experiment } = incident;
    await tx.manager.query(
      `insert into healing_incidents (id, revision, status, signal, target_kind, target_name, target_process, title,
         decided_by, rule, experiment, began_at, observed_at, resolved_at, mailed_at, trace_id, snapshot)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
       on conflict (id) do update set
         revision = excluded.revision, status = excluded.status, signal = excluded.signal,
         target_kind = excluded.target_kind, target_name = excluded.target_name,
         target_process = excluded.target_process, title = excluded.title, decided_by = excluded.decided_by,
         rule = excluded.rule, resolved_at = excluded.resolved_at, mailed_at = excluded.mailed_at,
         snapshot = excluded.snapshot
       where healing_incidents.revision < excluded.revision`,
      [
        id,
        revision,
        status,
        cause.signal,
        cause.target.kind,
        cause.target.name,
        cause.target.process,
        storable(title),
        decided_by,
        rule,
        experiment === null ? null : storable(experiment),
        incident.began_at,
        incident.observed_at,
        incident.resolved_at,
        incident.mailed_at,
        incident.trace_id,
        storable(JSON.stringify(incident)),
      ],
    );
    await tx.manager.query(
      `insert into healing_events (incident_id, sequence, at, what, text)
       select $1, event.sequence, event.at, event.what, event.text
       from unnest($2::int[], $3::timestamptz[], $4::text[], $5::text[]) as event (sequence, at, what, text)
       on conflict (incident_id, sequence) do nothing`,
      [
        id,
        incident.timeline.map((_, index) => index),
        incident.timeline.map(({ at }) => at),
        incident.timeline.map(({ what }) => what),
        incident.timeline.map(({ text }) => storable(text)),
      ],
    );
    if (incident.actions.length > 0) await this.#recordActions(tx, incident);
  }

  /** Stores the actions, for lists of actions. An action that has ended is not changed by a late event. */
  async #recordActions(tx: Transaction, { id, actions }: Incident): Promise<void> {
    await tx.manager.query(
      `insert into healing_actions (id, incident_id, remedy, target_kind, target_name, target_process, state, epoch,
         intended_at, ended_at, outcome)
       select action.id, $1, action.remedy, action.kind, action.name, action.process, action.state, action.epoch,
         action.intended_at, action.ended_at, action.outcome
       from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::timestamptz[],
         $10::timestamptz[], $11::text[])
         as action (id, remedy, kind, name, process, state, epoch, intended_at, ended_at, outcome)
       order by action.id
       on conflict (id) do update
         set state = excluded.state, ended_at = excluded.ended_at, outcome = excluded.outcome
         where healing_actions.ended_at is null`,
      [
        id,
        actions.map((action) => action.id),
        actions.map(({ remedy }) => remedy),
        actions.map(({ target }) => target.kind),
        actions.map(({ target }) => target.name),
        actions.map(({ target }) => target.process),
        actions.map(({ state }) => state),
        actions.map(({ epoch }) => epoch),
        actions.map(({ intended_at }) => intended_at),
        actions.map(({ ended_at }) => ended_at),
        actions.map(({ outcome }) => outcome && storable(outcome)),
      ],
    );
  }

  /**
   * Incidents in a range of ids, ordered by id, filtered by `status` unless it is null. Rows that this
   * release cannot read are left out. Throws `PLATFORM.UNAVAILABLE` while PostgreSQL is away.
   */
  async page(
    { above, below, without, oldestFirst, limit }: Parameters<ReadHistory>[0],
    status: Incident['status'] | null,
  ): Promise<Incident[]> {
    const rows = await this.database.read<{ snapshot: unknown }[]>((manager) =>
      manager.query(
        `select snapshot from healing_incidents
         where ($1::text is null or id > $1) and ($2::text is null or id < $2)
           and id <> all($3::text[]) and ($4::text is null or status = $4)
         order by id ${oldestFirst ? 'asc' : 'desc'} limit $5`,
        [above, below, without, status, limit],
      ),
    );
    return rows.flatMap(({ snapshot }) => incidentSchema.safeParse(snapshot).data ?? []);
  }

  /**
   * An incident that the live state no longer holds, or null. Throws `PLATFORM.UNAVAILABLE` while PostgreSQL
   * is away.
   */
  async find(id: string): Promise<Incident | null> {
    const rows = await this.database.read<{ snapshot: unknown }[]>((manager) =>
      manager.query('select snapshot from healing_incidents where id = $1', [id]),
    );
    const parsed = incidentSchema.safeParse(rows[0]?.snapshot);
    return parsed.success ? parsed.data : null;
  }
}
