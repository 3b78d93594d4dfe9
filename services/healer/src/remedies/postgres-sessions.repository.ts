import { BACKUP_APPLICATIONS, DEPENDENCIES, type NamedSession, SESSION_LIMITS } from '@gridworks/contracts';
import { MIGRATION_LOCK, ServerProbe } from '@gridworks/persistence';
import type { JudgedSession, SessionEnder } from './end-session.remedy.ts';

/** The roles of the services that use PostgreSQL; each has the name of its service. */
export const SERVICE_ROLES: readonly string[] = Object.entries(DEPENDENCIES)
  .filter(([, { needs, uses }]) => [...needs, ...uses].includes('postgres'))
  .map(([service]) => service);

/**
 * Judges and ends in one statement, so that nothing changes in between. A session is known by pid and start, to
 * the microsecond: a pid that was used again is `gone`. The role may signal no superuser's session whatever this says (`pg_signal_backend`).
 * $1 pids, $2 starts, $3 roles, $4 limit of a slow statement in ms (null: for sessions that keep others waiting),
 * $5 half of the lock of migrations, $6 names of backups.
 */
const endThrough = (call: 'pg_cancel_backend' | 'pg_terminate_backend') => `
  with recursive edges as materialized (
    select w.pid as waiter, unnest(pg_blocking_pids(w.pid)) as blocker
    from pg_stat_activity w where w.wait_event_type = 'Lock'
  ), reach (root, pid) as (
    select blocker, waiter from edges where blocker = any($1::int[])
    union select r.root, e.waiter from reach r join edges e on e.blocker = r.pid
  ), judged as materialized (
    select n.place, n.pid, a.usename as role, a.application_name, blocked.count as blocked,
      round(extract(epoch from clock_timestamp() - case when a.state = 'active' then a.query_start else a.state_change end) * 1000) as age_ms,
      case
        when a.pid is null or a.backend_start <> n.backend_start or a.pid = pg_backend_pid() then 'gone'
        when a.backend_type <> 'client backend' then 'server-process'
        when r.rolsuper or r.rolreplication then 'superuser'
        when a.datname is distinct from current_database() then 'other-database'
        when a.application_name = any($6::text[]) then 'backup'
        when a.application_name like '%:migrations' or exists (select 1 from pg_locks l where l.pid = a.pid
          and l.locktype = 'advisory' and l.classid::bigint = $5::bigint) then 'migration'
        when r.rolname is null or r.rolname <> all($3::text[]) then 'other-role'
        when $4::int is null and blocked.count = 0 then 'over'
        when $4::int is not null and not (a.state = 'active'
          and clock_timestamp() - a.query_start >= $4::int * interval '1 millisecond') then 'over'
        when a.wait_event_type = 'Lock' and $4::int is null then 'waits'
        when a.state <> 'active' and '${call}' = 'pg_cancel_backend' then 'idle'
        else 'end'
      end as verdict
    from unnest($1::int[], $2::timestamptz[]) with ordinality as n (pid, backend_start, place)
      left join pg_stat_activity a on a.pid = n.pid
      left join pg_roles r on r.oid = a.usesysid
      cross join lateral (select count(*)::int as count from reach where root = n.pid) blocked
  )
  select pid, role, application_name, coalesce(age_ms, 0)::float8 as age_ms, blocked, verdict,
    case when verdict = 'end' then ${call}(pid) end as signalled
  from judged order by place`;

const STATEMENTS = { cancel: endThrough('pg_cancel_backend'), terminate: endThrough('pg_terminate_backend') };

export interface PostgresSessionsOptions {
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Roles beside those of the services whose sessions may be ended. */
  readonly roles?: readonly string[];
  readonly slowStatementMs?: number;
}

/** Ends sessions over a connection of its own, which it opens when it is needed: a full pool cannot delay it. */
export class PostgresSessions implements SessionEnder {
  readonly #server: ServerProbe;
  readonly #roles: readonly string[];
  readonly #slowStatementMs: number;

  constructor({ url, applicationName, roles = [], slowStatementMs }: PostgresSessionsOptions) {
    this.#server = new ServerProbe({ url, schema: 'healer', applicationName });
    this.#roles = [...SERVICE_ROLES, ...roles];
    this.#slowStatementMs = slowStatementMs ?? SESSION_LIMITS.slowStatementMs;
  }

  async end(
    verb: 'cancel' | 'terminate',
    signal: Parameters<SessionEnder['end']>[1],
    sessions: readonly NamedSession[],
  ): Promise<readonly JudgedSession[]> {
    try {
      return await this.#server.rows<JudgedSession & Record<string, unknown>>(STATEMENTS[verb], [
        sessions.map(({ pid }) => pid),
        sessions.map(({ backend_start }) => backend_start),
        this.#roles,
        signal === 'database.slow-statement' ? this.#slowStatementMs : null,
        MIGRATION_LOCK,
        BACKUP_APPLICATIONS,
      ]);
    } finally {
      this.#server.reset();
    }
  }
}
