import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

/** How long a component was in which state within a step, in seconds. */
export interface Rollup {
  readonly component: string;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  readonly up: number;
  readonly degraded: number;
  readonly down: number;
  readonly unknown: number;
}
/** Latencies of single checks within a step, in milliseconds. */
export interface Latency {
  readonly startsAt: number;
  readonly p50: number;
  readonly p95: number;
}
export type Step = 'minute' | 'hour' | 'day';

interface Range {
  readonly step: Step;
  /** Milliseconds since the epoch; the end is not included. */
  readonly start: number;
  readonly end: number;
}

const ROLLUP_SQL = `
  select component, extract(epoch from starts_at)::float8 * 1000 as "startsAt",
    up_s as up, degraded_s as degraded, down_s as down, unknown_s as unknown
  from health_rollups
  where component = any ($1::text[]) and step = $2
    and starts_at >= to_timestamp($3::float8 / 1000) and starts_at < to_timestamp($4::float8 / 1000)
  order by starts_at`;

/** The finest step that still has the first record: minutes and hours are deleted earlier than days. */
const FIRST_SQL = `
  with firsts as (
    select step.step, min(first.starts_at) as at
    from unnest($1::text[]) as component (component), unnest(array['minute', 'hour', 'day']) as step (step),
    lateral (
      select starts_at from health_rollups as kept
      where kept.component = component.component and kept.step = step.step order by starts_at limit 1
    ) as first
    group by step.step
  ), first_day as (select at from firsts where step = 'day')
  select extract(epoch from coalesce(
    (select max(firsts.at) from firsts, first_day
      where firsts.at < first_day.at + interval '1 day' and step in ('minute', 'hour')),
    (select at + interval '1 day' from first_day)))::float8 * 1000 as "beganAt"`;

const LATENCY_SQL = `
  select extract(epoch from date_trunc($2, observed_at, 'UTC'))::float8 * 1000 as "startsAt",
    percentile_cont(0.5) within group (order by latency_ms) as p50,
    percentile_cont(0.95) within group (order by latency_ms) as p95
  from system_health_checks
  where component = $1 and latency_ms is not null
    and observed_at >= to_timestamp($3::float8 / 1000) and observed_at < to_timestamp($4::float8 / 1000)
  group by 1`;

/** Reads the rollups of the history of checks. Throws `PLATFORM.UNAVAILABLE` while PostgreSQL is away. */
@Injectable()
export class RollupRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first; a step without a record is left out. */
  rollups(components: readonly string[], { step, start, end }: Range): Promise<Rollup[]> {
    return this.database.read((manager) => manager.query(ROLLUP_SQL, [components, step, start, end]));
  }

  /**
   * When these components were first recorded, in ms since the epoch; null without a record. When only the day of it is
   * known any more, the end of that day.
   */
  async firstRecord(components: readonly string[]): Promise<number | null> {
    const [row]: { beganAt: number | null }[] = await this.database.read((manager) =>
      manager.query(FIRST_SQL, [components]),
    );
    return row?.beganAt ?? null;
  }

  /** In no order; a step without a measured check is left out. */
  latencies(component: string, { step, start, end }: Range): Promise<Latency[]> {
    return this.database.read((manager) => manager.query(LATENCY_SQL, [component, step, start, end]));
  }
}
