import type { ErrorsCaptured } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

const CONSUMER = 'healer_count-errors';
/** The strategy of the rows that count whole errors, whatever was tried on them. */
export const ALL_STRATEGIES = '';

const COUNT_SQL = `
  insert into healing_error_hours as known (hour, service, strategy, healed, failed)
  select date_trunc('hour', at at time zone 'UTC') at time zone 'UTC', $1, strategy, sum(healed), sum(failed)
  from unnest($2::timestamptz[], $3::text[], $4::bigint[], $5::bigint[]) as given (at, strategy, healed, failed)
  group by 1, 3 order by 1, 3
  on conflict (hour, service, strategy) do update
    set healed = known.healed + excluded.healed, failed = known.failed + excluded.failed`;

/**
 * How many errors processes caught and healed, by hour. These figures are for people; the learner keeps its
 * own counts, without experiments.
 */
@Injectable()
export class ErrorHoursRepository {
  constructor(private readonly database: Database) {}

  /** Counts an event once. Throws `PLATFORM.UNAVAILABLE` while PostgreSQL is away. */
  async count(event: { readonly id: string }, { service, captures }: ErrorsCaptured): Promise<void> {
    const rows = captures.flatMap(({ last_at, count, healed, outcomes }) => [
      { at: last_at, strategy: ALL_STRATEGIES, healed, failed: count - healed },
      ...Object.entries(outcomes).map(([strategy, outcome]) => ({ at: last_at, strategy, ...outcome })),
    ]);
    await this.database.once(event, CONSUMER, (tx) =>
      tx.manager.query(COUNT_SQL, [
        service,
        rows.map(({ at }) => at),
        rows.map(({ strategy }) => strategy),
        rows.map(({ healed }) => healed),
        rows.map(({ failed }) => Math.max(0, failed)),
      ]),
    );
  }
}
