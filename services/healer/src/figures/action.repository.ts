import {
  type listHealingActions,
  type OutputOf,
  type Page,
  type ParsedInputOf,
  pageOf,
} from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

type Action = OutputOf<typeof listHealingActions>['data'][number];
interface Row extends Omit<Action, 'object' | 'target' | 'intended_at' | 'ended_at'> {
  readonly target_kind: Action['target']['kind'];
  readonly target_name: Action['target']['name'];
  readonly target_process: string;
  readonly intended_at: Date;
  readonly ended_at: Date | null;
}

/** The actions of the healer, newest first. Throws `PLATFORM.UNAVAILABLE` while PostgreSQL is away. */
@Injectable()
export class ActionRepository {
  constructor(private readonly database: Database) {}

  async page(query: ParsedInputOf<typeof listHealingActions>): Promise<Page<Action>> {
    const values: unknown[] = [];
    const conditions: string[] = [];
    const add = (condition: (parameter: string) => string, value: unknown) => {
      if (value !== undefined) conditions.push(condition(`$${values.push(value)}`));
    };
    const beside = (sign: string) => (id: string) =>
      `(a.intended_at, a.id) ${sign} (select intended_at, id from healing_actions where id = ${id})`;
    add(beside('<'), query.starting_after);
    add(beside('>'), query.ending_before);
    add((value) => `a.intended_at >= ${value}`, query.from);
    add((value) => `a.intended_at < ${value}`, query.to);
    add((value) => `a.target_process = ${value}`, query.target);
    add((value) => `a.remedy = ${value}`, query.remedy);
    const isBackward = query.ending_before !== undefined;
    const order = isBackward ? 'asc' : 'desc';
    const rows = await this.database.read<Row[]>((manager) =>
      manager.query(
        `select a.id, a.incident_id, a.remedy, a.target_kind, a.target_name, a.target_process, a.state, a.epoch,
           a.intended_at, a.ended_at, a.outcome, i.title as incident_title, i.status as incident_status, i.decided_by, i.rule
         from healing_actions a join healing_incidents i on i.id = a.incident_id
         ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
         order by a.intended_at ${order}, a.id ${order} limit $${values.push(query.limit + 1)}`,
        values,
      ),
    );
    return pageOf(rows.map(fromRow), query.limit, isBackward);
  }
}

function fromRow({ target_kind, target_name, target_process, ...row }: Row): Action {
  return {
    object: 'healing_action',
    ...row,
    // PostgreSQL returns a bigint as text.
    epoch: Number(row.epoch),
    target: { kind: target_kind, name: target_name, process: target_process },
    intended_at: row.intended_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
  };
}
