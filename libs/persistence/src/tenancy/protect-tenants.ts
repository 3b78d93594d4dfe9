import pg from 'pg';
import type { QueryRunner } from 'typeorm';
import { EVERY_PARTNER, TENANT_SETTING } from './tenant-setting.ts';

/** The sub-query runs once for a statement, not once for a row. */
const TENANT = `(select current_setting('${TENANT_SETTING}', true))`;

/**
 * For a migration: row-level security. From then on a statement sees and changes only rows of its connection's tenant,
 * also the statements of the table's owner. `by`: the column that names the partner of a row, null for rows of the
 * platform, which no tenant sees. A row of another partner is refused with SQLSTATE 42501.
 */
export async function protectTenants(runner: QueryRunner, table: string, by = 'partner_id'): Promise<void> {
  const name = pg.escapeIdentifier(table);
  // For `is not null` the planner expects nearly all rows, and so keeps the indexes that statements would use without the
  // policy. For `tenant in (…)` alone it expects 1 %, and would read and sort a whole table for one page of it.
  const isOwn = `case when ${TENANT} in ('${EVERY_PARTNER}', ${pg.escapeIdentifier(by)}) then true end is not null`;
  await runner.query(`alter table ${name} enable row level security, force row level security`);
  await runner.query(`create policy tenant on ${name} using (${isOwn})`);
}

/** For the `down` of a migration: undoes `protectTenants`. */
export async function exposeTenants(runner: QueryRunner, table: string): Promise<void> {
  const name = pg.escapeIdentifier(table);
  await runner.query(`drop policy tenant on ${name}`);
  await runner.query(`alter table ${name} no force row level security, disable row level security`);
}
