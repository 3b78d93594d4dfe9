import type { getHealingStats, OutputOf } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { ALL_STRATEGIES } from '../history/error-hours.repository.ts';
import { firstIdAt } from '../history/incident-pages.ts';

type Stats = OutputOf<typeof getHealingStats>;
export interface Tally {
  readonly incidents: number;
  readonly open: number;
  readonly auto_resolved: number;
  readonly escalated: number;
  readonly detect_p50: number | null;
  readonly detect_p95: number | null;
  readonly heal_p50: number | null;
  readonly heal_p95: number | null;
}

export interface HistoryCounts {
  /** Opened since the moment given, and resolved. */
  readonly resolved: number;
  /** Of these, those that no human was asked about. */
  readonly auto_resolved: number;
  readonly open_verdicts: number;
  /** Escalated and not resolved, and no longer in the live state. */
  readonly forgotten: number;
}

const ms = (later: string, earlier: string) =>
  `(extract(epoch from ${later}) - extract(epoch from ${earlier})) * 1000`;
/** Incidents since `$1`, and whether they were escalated to a human. */
const INCIDENTS = `(
  select i.*, exists (
    select from healing_events e where e.incident_id = i.id and e.what = 'escalated') as was_escalated
  from healing_incidents i where i.observed_at >= $1) incident`;
const TALLY = `
  count(*)::int as incidents,
  (count(*) filter (where resolved_at is not null and not was_escalated))::int as auto_resolved,
  (count(*) filter (where was_escalated))::int as escalated`;
const HEALED = 'filter (where resolved_at is not null and not was_escalated)';
const totalSql = `
  select ${TALLY}, (count(*) filter (where resolved_at is null))::int as open,
    percentile_cont(0.5) within group (order by ${ms('observed_at', 'began_at')}) as detect_p50,
    percentile_cont(0.95) within group (order by ${ms('observed_at', 'began_at')}) as detect_p95,
    percentile_cont(0.5) within group (order by ${ms('resolved_at', 'observed_at')}) ${HEALED} as heal_p50,
    percentile_cont(0.95) within group (order by ${ms('resolved_at', 'observed_at')}) ${HEALED} as heal_p95
  from ${INCIDENTS}`;
const DECIDER_SQL = `select decided_by as decider, ${TALLY} from ${INCIDENTS} group by 1 order by 2 desc, 1`;
const REMEDY_SQL = `
  select remedy, (count(*) filter (where state = 'done'))::int as done,
    (count(*) filter (where state = 'failed'))::int as failed,
    (count(*) filter (where state not in ('done', 'failed')))::int as other
  from healing_actions where intended_at >= $1 group by 1 order by 2 desc, 1`;
const STRATEGY_SQL = `
  select strategy, sum(healed)::float8 as healed, sum(failed)::float8 as failed
  from healing_error_hours where hour >= $1 group by 1 order by 2 desc, 1`;
const PREVENTED_SQL = `
  select
    (select count(*)::int from ${INCIDENTS} where signal = 'pool.exhausting'
      and resolved_at is not null and not was_escalated) as pool_recoveries,
    (select count(*)::int from healing_actions where intended_at >= $1 and state = 'done'
      and remedy = 'platform.replace') as replacements,
    (select count(*)::int from healing_actions where intended_at >= $1 and state = 'done'
      and remedy in ('postgres.end-statement', 'postgres.end-session')) as sessions_ended,
    (select coalesce(sum(healed), 0)::float8 from healing_error_hours where hour >= $1
      and strategy in ('RETRY_WITH_BACKOFF', 'RESET_CONNECTION', 'ROLLBACK_TRANSACTION')) as retries_that_helped`;
// The same conditions as those of the lists that the figures lead to: by id, which tells when an incident was opened.
const COUNTS_SQL = `
  select today.resolved, today.auto_resolved,
    (select count(*)::int from healing_verdicts where decision = 'suggested') as open_verdicts,
    (select count(*)::int from healing_incidents where status = 'escalated' and id <> all($2::text[])) as forgotten
  from (
    select count(*)::int as resolved,
      (count(*) filter (where not exists (
        select from healing_events e where e.incident_id = i.id and e.what = 'escalated')))::int as auto_resolved
    from healing_incidents i where i.id >= $1 and i.status = 'resolved') today`;
const MODEL_SQL = `
  select count(*)::int as verdicts,
    (count(*) filter (where decision = 'trial'))::int as agreed,
    (count(*) filter (where decision = 'rejected'))::int as rejected,
    (count(*) filter (where decision = 'trial' and p.state = 'deciding'))::int as promoted,
    (count(*) filter (where decision = 'trial' and p.state is distinct from 'deciding' and p.state is distinct from 'trial'))::int
      as demoted
  from healing_verdicts v
  left join healing_patterns p on p.fingerprint = v.fingerprint and p.strategy = v.strategy`;

/**
 * Figures of healing, computed from history. All methods throw `PLATFORM.UNAVAILABLE` while PostgreSQL is
 * away.
 */
@Injectable()
export class StatsRepository {
  constructor(private readonly database: Database) {}

  async tally(since: Date): Promise<Tally> {
    const [row] = await this.#query<Tally>(totalSql, [since]);
    return row as Tally;
  }

  /** What the overview shows of history. `live`: ids of the incidents in the live state. */
  async counts(since: Date, live: readonly string[]): Promise<HistoryCounts> {
    const [row] = await this.#query<HistoryCounts>(COUNTS_SQL, [firstIdAt(since.toISOString()), live]);
    return row as HistoryCounts;
  }

  byDecider(since: Date): Promise<Stats['by_decider']> {
    return this.#query(DECIDER_SQL, [since]);
  }

  byRemedy(since: Date): Promise<Stats['by_remedy']> {
    return this.#query(REMEDY_SQL, [since]);
  }

  async prevented(since: Date): Promise<Stats['prevented']> {
    const [row] = await this.#query<Stats['prevented']>(PREVENTED_SQL, [since]);
    return row as Stats['prevented'];
  }

  async errors(since: Date): Promise<Pick<Stats, 'by_strategy' | 'errors'>> {
    const rows = await this.#query<{ strategy: string; healed: number; failed: number }>(STRATEGY_SQL, [
      since,
    ]);
    const all = rows.find(({ strategy }) => strategy === ALL_STRATEGIES) ?? { healed: 0, failed: 0 };
    const by_strategy = rows.filter(({ strategy }) => strategy !== ALL_STRATEGIES);
    return {
      by_strategy: by_strategy as Stats['by_strategy'],
      errors: { caught: all.healed + all.failed, healed: all.healed },
    };
  }

  async model(): Promise<Stats['model']> {
    const [row] = await this.#query<Stats['model']>(MODEL_SQL, []);
    return row as Stats['model'];
  }

  #query<Row>(sql: string, values: unknown[]): Promise<Row[]> {
    return this.database.read((manager) => manager.query(sql, values));
  }
}
