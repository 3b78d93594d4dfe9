import { MAX_SERIES, SYNTHETIC_PARTNER_ID } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { SeriesRange } from './series-range.ts';

export type Mode = 'live' | 'test';
export interface SeriesQuery {
  readonly partnerId: string;
  readonly range: SeriesRange;
  readonly mode: Mode | undefined;
}
/** Calls of one value within one step. A null value stands for all values beyond the first twenty. */
export interface SeriesPoint {
  readonly at: Date;
  readonly value: string | null;
  readonly calls: number;
}

const DELETED_AT_ONCE = 5000;

const PART_SQL = `
  select at, value, sum(calls) as calls from usage_rollups
  where partner_id = $1 and dimension = $2 and step = $3 and at >= $4 and at < $5 and ($6::text is null or mode = $6)
  group by at, value`;
const SERIES_SQL = `
  with part as (${PART_SQL}),
  top as (select value from part group by value order by sum(calls) desc, value limit ${MAX_SERIES})
  select part.at, top.value, sum(part.calls)::float8 as calls
  from part left join top on top.value = part.value group by 1, 2`;
const DAYS_SQL = `
  select at, sum(calls)::float8 as calls,
    coalesce(sum(calls) filter (where value::int >= 400), 0)::float8 as errors
  from usage_rollups
  where dimension = 'status' and step = 'day' and at >= $1 and partner_id <> '${SYNTHETIC_PARTNER_ID}' group by at`;
const LATENCY_SQL = `select at, value, calls::float8 as calls from (${PART_SQL}) part`;

/** The table `usage_rollups`: calls added up by hour and day. */
@Injectable()
export class RollupRepository {
  constructor(private readonly database: Database) {}

  /** Calls by step and value, of the twenty values with most calls and of all others together. */
  series(query: SeriesQuery, dimension: 'all' | 'key' | 'operation' | 'status'): Promise<SeriesPoint[]> {
    return this.database.read((manager) => manager.query(SERIES_SQL, parameters(query, dimension)));
  }

  /** Calls by step and bucket of the latency histogram. */
  latencies(query: SeriesQuery): Promise<{ at: Date; value: string; calls: number }[]> {
    return this.database.read((manager) => manager.query(LATENCY_SQL, parameters(query, 'latency')));
  }

  /** Calls of all partners but the synthetic one by day, UTC, unordered; `errors` are those with HTTP status 400 or above. */
  callsByDay(since: Date): Promise<{ at: Date; calls: number; errors: number }[]> {
    return this.database.read((manager) => manager.query(DAYS_SQL, [since]));
  }

  /** Deletes rows that are older than so many days, in steps. Returns the number of deleted rows. */
  async deleteOld(keptDays: Readonly<Record<'hour' | 'day', number>>): Promise<number> {
    let deleted = 0;
    for (const [step, days] of Object.entries(keptDays)) {
      for (let last = DELETED_AT_ONCE; last === DELETED_AT_ONCE; deleted += last) {
        last = await this.database.transaction(async ({ manager }) => {
          const [, count]: [unknown, number] = await manager.query(
            `delete from usage_rollups where ctid = any (array(
               select ctid from usage_rollups
               where step = $1 and at < now() - make_interval(days => $2)
               limit ${DELETED_AT_ONCE} for update skip locked))`,
            [step, days],
          );
          return count;
        });
      }
    }
    return deleted;
  }
}

function parameters({ partnerId, range, mode }: SeriesQuery, dimension: string): unknown[] {
  return [partnerId, dimension, range.step, range.from, range.to, mode ?? null];
}
