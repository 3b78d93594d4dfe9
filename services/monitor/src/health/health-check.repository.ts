import type { HealthCheck } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

const KEPT_DAYS = 7;
/** Few enough rows that the deletion holds nobody up. */
const DELETED_AT_ONCE = 5000;

const insertSql = `
  insert into system_health_checks (component, status, observed_at, latency_ms, detail)
  select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::float8[], $5::text[])`;

const deleteSql = `
  with old as (
    select id from system_health_checks
    where observed_at < now() - make_interval(days => $1) order by observed_at limit $2
  ), deleted as (
    delete from system_health_checks using old where system_health_checks.id = old.id returning 1
  )
  select count(*)::int as count from deleted`;

/** The history of checks, kept for seven days. */
@Injectable()
export class HealthCheckRepository {
  constructor(private readonly database: Database) {}

  /** All in one statement. Throws while the database is away. */
  async insert(checks: readonly HealthCheck[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.manager.query(insertSql, [
        checks.map(({ component }) => component),
        checks.map(({ status }) => status),
        checks.map(({ observed_at }) => observed_at),
        checks.map(({ latency_ms }) => latency_ms),
        checks.map(({ detail }) => detail),
      ]);
    });
  }

  /** Deletes what is older than seven days, in steps. Returns how many rows. */
  async deleteOld(): Promise<number> {
    for (let deleted = 0; ; ) {
      const rows = await this.database.transaction<{ count: number }[]>((tx) =>
        tx.manager.query(deleteSql, [KEPT_DAYS, DELETED_AT_ONCE]),
      );
      const count = rows[0]?.count ?? 0;
      deleted += count;
      if (count < DELETED_AT_ONCE) return deleted;
    }
  }
}
