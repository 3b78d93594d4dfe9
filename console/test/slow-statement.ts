import pg from 'pg';
import type { ConsoleUnderTest } from './console-under-test.ts';

export const TABLE = 'readings';

/** A table of billing that is read as a whole for each of a few rows: a statement that lacks an index. */
export async function runSlowStatement({ portal }: ConsoleUnderTest, times = 10): Promise<void> {
  const client = new pg.Client({ connectionString: portal.databaseUrl('billing') });
  await client.connect();
  try {
    await client.query(
      `create table if not exists ${TABLE} (id bigint, meter_id text not null, read_at timestamptz not null, watts int)`,
    );
    await client.query(
      `insert into ${TABLE} select n, 'meter_' || n % 2000, now() - n * interval '1 minute', n % 700 from generate_series(1, 60000) n
       where not exists (select from ${TABLE})`,
    );
    await client.query(`analyze ${TABLE}`);
    for (let n = 0; n < times; n++)
      await client.query(
        `select read_at, watts from ${TABLE} where meter_id = $1 order by read_at desc limit 20`,
        [`meter_${n}`],
      );
  } finally {
    await client.end();
  }
}
