import {
  AppError,
  INDEX_IN_USE,
  type IndexSuggestion,
  type MissingIndex,
  newId,
  type ServiceName,
  SUGGESTION_DECIDED,
  SUGGESTION_NOT_FOUND,
} from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { IndexFactsRepository } from './index-facts.repository.ts';
import { COLUMNS, isUnused, type StatementCounts, type SuggestionRow, viewOf } from './suggestion-row.ts';

const TABLE = 'healing_index_suggestions';
/** More than people will ever decide about; the newest are shown. */
const MOST_SHOWN = 100;
const FORGOTTEN_AFTER = "interval '7 days'";

type Decision = 'approve' | 'dismiss' | 'drop';
const DECISIONS = {
  approve: { from: ['suggested', 'dismissed', 'failed', 'dropped'], to: 'building', said: 'Approved' },
  dismiss: { from: ['suggested', 'failed', 'dropped'], to: 'dismissed', said: 'Dismissed' },
  drop: { from: ['built'], to: 'dropping', said: 'To be dropped' },
} as const;

/**
 * The table `healing_index_suggestions`, as people see and change it. All methods throw `PLATFORM.UNAVAILABLE` while
 * PostgreSQL is away.
 */
@Injectable()
export class IndexSuggestionRepository {
  constructor(
    private readonly database: Database,
    private readonly facts: IndexFactsRepository,
  ) {}

  /** What waits for a human first, then the newest. */
  async list(): Promise<IndexSuggestion[]> {
    const rows = await this.database.read((manager) =>
      manager.query<SuggestionRow[]>(
        `select ${COLUMNS} from ${TABLE}
         order by array_position(array['building', 'dropping', 'suggested', 'failed', 'built', 'dropped', 'dismissed'], state), first_seen_at desc
         limit ${MOST_SHOWN}`,
      ),
    );
    const scans = await this.facts.scans(rows);
    return rows.map((row) => viewOf(row, scans.get(row.id) ?? 0, Date.now()));
  }

  /** Keeps what a look at a service found. What was decided stays decided; what nobody decided and no look finds for a week is forgotten. */
  async keep(service: ServiceName, missing: readonly MissingIndex[]): Promise<void> {
    await this.database.transaction(async ({ manager }) => {
      for (const { columns, evidence, index, table } of missing) {
        await manager.query(
          `insert into ${TABLE} (id, service, index_name, table_name, columns, evidence) values ($1, $2, $3, $4, $5, $6)
           on conflict (service, index_name) do update set last_seen_at = now(),
             evidence = case when ${TABLE}.state in ('building', 'built', 'dropping') then ${TABLE}.evidence else excluded.evidence end`,
          [
            newId('indexSuggestion'),
            service,
            index,
            table,
            JSON.stringify(columns),
            JSON.stringify(evidence),
          ],
        );
      }
      await manager.query(
        `delete from ${TABLE} where service = $1 and state = 'suggested' and last_seen_at < now() - ${FORGOTTEN_AFTER}`,
        [service],
      );
    });
  }

  /** Suggestions of this service whose index is there, to compare how their statements run now. */
  builtOf(service: ServiceName): Promise<SuggestionRow[]> {
    return this.database.read((manager) =>
      manager.query<SuggestionRow[]>(
        `select ${COLUMNS} from ${TABLE} where service = $1 and state = 'built'`,
        [service],
      ),
    );
  }

  async count(id: string, counts: StatementCounts): Promise<void> {
    await this.database.transaction(({ manager }) =>
      manager.query(`update ${TABLE} set counts_now = $2 where id = $1`, [id, JSON.stringify(counts)]),
    );
  }

  /**
   * Stores what a human decided; the healer acts on it in the background.
   * @throws HEALER.SUGGESTION_NOT_FOUND, _DECIDED, HEALER.INDEX_IN_USE
   */
  decide(decision: Decision, id: string, by: string, reason: string): Promise<IndexSuggestion> {
    const { from, said, to } = DECISIONS[decision];
    return this.database.transaction(async ({ manager }) => {
      const [row] = await manager.query<SuggestionRow[]>(
        `select ${COLUMNS} from ${TABLE} where id = $1 for update`,
        [id],
      );
      if (!row) throw new AppError(SUGGESTION_NOT_FOUND);
      if (!(from as readonly string[]).includes(row.state))
        throw new AppError(SUGGESTION_DECIDED, { detail: `It is ${row.state}` });
      const scans = (await this.facts.scansWith(manager, [row])).get(id) ?? 0;
      if (decision === 'drop' && !isUnused(row, scans, Date.now()))
        throw new AppError(INDEX_IN_USE, {
          detail: `${scans} scans since ${row.built_at?.toISOString() ?? 'it was built'}`,
        });
      const decided = await this.#update(
        manager,
        `state = $2, decided_at = now(), due_at = case when $2 in ('building', 'dropping') then now() end, attempts = 0,
         waits_for = null, failure = null, progress = null, timeline = timeline || $3::jsonb where id = $1`,
        [id, to, line(by, `${said}: ${reason}`)],
      );
      return viewOf(decided, scans, Date.now());
    });
  }

  async #update(manager: Transaction['manager'], sql: string, values: unknown[]): Promise<SuggestionRow> {
    const [[row]] = await manager.query<[SuggestionRow[], number]>(
      `update ${TABLE} set ${sql} returning ${COLUMNS}`,
      values,
    );
    return row as SuggestionRow;
  }
}

/** An entry of a timeline, for `timeline || $n::jsonb`. */
export const line = (by: string, text: string): string =>
  JSON.stringify([{ at: new Date().toISOString(), by, text: text.slice(0, 700) }]);
