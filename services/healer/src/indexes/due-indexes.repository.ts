import type { IndexSuggestion, QueryPlan } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { line } from './index-suggestion.repository.ts';
import { COLUMNS, type StatementCounts, type SuggestionRow } from './suggestion-row.ts';

const TABLE = 'healing_index_suggestions';
const HEALER = 'healer';

/**
 * The part of `healing_index_suggestions` that waits for the healer. A suggestion is due until its outcome is stored, so that nothing is lost with
 * a process. What is written here is written only while the suggestion is in that state.
 */
@Injectable()
export class DueIndexesRepository {
  constructor(private readonly database: Database) {}

  /**
   * Claims what was decided first of all that is not finished: one index is built or dropped at a time. No other healer gets it for `claimMs`. Null when
   * nothing is to be done, or another healer does it.
   */
  async claim(claimMs: number): Promise<SuggestionRow | null> {
    return this.database.transaction(async ({ manager }) => {
      const [rows] = await manager.query<[SuggestionRow[], number]>(
        `update ${TABLE} set due_at = now() + $1 * interval '1 millisecond'
         where due_at <= now() and id = (select id from ${TABLE} where due_at is not null order by decided_at, id limit 1)
         returning ${COLUMNS}`,
        [claimMs],
      );
      return rows[0] ?? null;
    });
  }

  /** Whether anything is to be done, now or by another healer. */
  async isAnything(): Promise<boolean> {
    const rows = await this.database.read((manager) =>
      manager.query<unknown[]>(`select from ${TABLE} where due_at is not null limit 1`),
    );
    return rows.length > 0;
  }

  again(row: SuggestionRow, waitMs: number, progress: IndexSuggestion['progress'] = null): Promise<void> {
    return this.#write(
      row,
      `due_at = now() + $3 * interval '1 millisecond', progress = $4, waits_for = null`,
      [waitMs, progress && JSON.stringify(progress)],
    );
  }

  /** Nothing may be done now. The reason is entered in the timeline once. */
  waits(row: SuggestionRow, waitMs: number, reason: string): Promise<void> {
    const entry = row.waits_for === reason ? '[]' : line(HEALER, `Waits: ${reason}`);
    return this.#write(
      row,
      `due_at = now() + $3 * interval '1 millisecond', waits_for = $4, timeline = timeline || $5::jsonb`,
      [waitMs, reason, entry],
    );
  }

  /** `counts`: of its statement before the first try; null when they are known already, or cannot be read. */
  began(row: SuggestionRow, text: string, counts: StatementCounts | null): Promise<void> {
    return this.#write(
      row,
      `attempts = attempts + 1, waits_for = null, counts_before = coalesce($3, counts_before), timeline = timeline || $4::jsonb`,
      [counts && JSON.stringify(counts), line(HEALER, text)],
    );
  }

  note(row: SuggestionRow, text: string): Promise<void> {
    return this.#write(row, 'timeline = timeline || $3::jsonb', [line(HEALER, text)]);
  }

  built(
    row: SuggestionRow,
    { counts, plan, text }: { counts: StatementCounts | null; plan: QueryPlan | null; text: string },
  ): Promise<void> {
    const count = counts && JSON.stringify(counts);
    return this.#write(
      row,
      `state = 'built', due_at = null, progress = null, built_at = now(), built_plan = $3, counts_built = $4, counts_now = null, timeline = timeline || $5::jsonb`,
      [plan && JSON.stringify(plan), count, line(HEALER, text)],
    );
  }

  /** It is to be dropped, and counts as failed for this reason. */
  refuse(row: SuggestionRow, failure: string): Promise<void> {
    return this.#write(
      row,
      `state = 'dropping', due_at = now(), attempts = 0, progress = null, failure = $3, timeline = timeline || $4::jsonb`,
      [failure, line(HEALER, failure)],
    );
  }

  /** Nothing of the index is left, or nothing more can be done. */
  settled(row: SuggestionRow, state: 'failed' | 'dropped', text: string): Promise<void> {
    return this.#write(
      row,
      `state = $3, due_at = null, progress = null, waits_for = null, timeline = timeline || $4::jsonb`,
      [state, line(HEALER, text)],
    );
  }

  async #write({ id, state }: SuggestionRow, sql: string, values: unknown[]): Promise<void> {
    await this.database.transaction(({ manager }) =>
      manager.query(`update ${TABLE} set ${sql} where id = $1 and state = $2`, [id, state, ...values]),
    );
  }
}
