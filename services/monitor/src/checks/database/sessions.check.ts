import { Database, type ServerProbe } from '@gridworks/persistence';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { DatabaseFigures } from './database-metrics.ts';

/** A session of PostgreSQL that is at work or waits, as the server shows it. */
export interface SessionReading {
  readonly pid: number;
  /** RFC 3339 with microseconds. */
  readonly backend_start: string;
  readonly role: string | null;
  readonly application_name: string;
  /** `client backend`, `autovacuum worker`, `walsender` … */
  readonly backend_type: string;
  /** In the portal's database. */
  readonly is_ours: boolean;
  /** Its name says that it applies migrations. */
  readonly migrates: boolean;
  readonly state: string | null;
  /** The first word of its statement. */
  readonly command: string | null;
  readonly query_id: string | null;
  /** Since its statement began, or since it became idle. Milliseconds. */
  readonly age_ms: number;
  /** The sessions that it waits for; empty when it waits for none. */
  readonly blocked_by: readonly number[];
}

/**
 * Sessions that wait or work, one row each; idle ones have none. Only those that wait for a lock cost a look into the
 * table of locks. Nothing of a statement leaves the server but its first word.
 */
const READ = `
  select a.pid, to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as backend_start,
    a.usename as role, a.application_name, a.backend_type, coalesce(a.datname = current_database(), false) as is_ours,
    a.application_name like '%:migrations' as migrates, a.state,
    upper(substring(a.query from '^\\s*([A-Za-z]{2,12})')) as command, a.query_id::text as query_id,
    coalesce(round(extract(epoch from clock_timestamp() -
      case when a.state = 'active' then a.query_start else a.state_change end) * 1000), 0)::float8 as age_ms,
    case when a.wait_event_type = 'Lock' then pg_blocking_pids(a.pid) else '{}' end as blocked_by
  from pg_stat_activity a
  where a.pid <> pg_backend_pid() and a.backend_start is not null
    and (a.state in ('active', 'idle in transaction', 'idle in transaction (aborted)')
      or a.wait_event_type = 'Lock' or a.backend_type = 'autovacuum worker')`;

const FIGURES = `
  select deadlocks::float8 as deadlocks, numbackends as sessions, current_setting('max_connections')::int as max_sessions
  from pg_stat_database where datname = current_database()`;

/** Reads the sessions of PostgreSQL over a connection of its own, so that no other check waits for it. */
@Injectable()
export class SessionsCheck implements OnApplicationShutdown {
  readonly #server: ServerProbe;

  constructor(database: Database) {
    this.#server = database.aside('sessions');
  }

  /** Throws while PostgreSQL does not respond, within 1.6 s. */
  read(): Promise<SessionReading[]> {
    return this.#server.rows<SessionReading & Record<string, unknown>>(READ);
  }

  /** PostgreSQL's own counts. Throws while it does not respond. */
  async figures(): Promise<DatabaseFigures> {
    const [figures] = await this.#server.rows<DatabaseFigures & Record<string, unknown>>(FIGURES);
    if (!figures) throw new Error('PostgreSQL has no figures of this database');
    return figures;
  }

  onApplicationShutdown(): void {
    this.#server.close();
  }
}
