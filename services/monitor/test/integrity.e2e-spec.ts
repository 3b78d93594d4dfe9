import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Check, runCheck } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MonitorUnderTest } from './monitor-under-test.ts';

const PAGE_BYTES = 8192;

/** An index file of a running server is really damaged, as by a disk. */
describe('the integrity of the live database', () => {
  let under: MonitorUnderTest;
  let admin: string;

  beforeAll(async () => {
    under = await MonitorUnderTest.start();
    const [{ database } = { database: '' }] = await under.query<{ database: string }>(
      'select current_database() as database',
    );
    const url = new URL(under.postgres.adminUrl);
    url.pathname = `/${database}`;
    admin = url.href;
    await asSuperuser(`create table ledger as select n, md5(n::text) as entry from generate_series(1, 4000) n;
      create index ledger_entry on ledger (entry); create index ledger_n on ledger (n)`);
    await under.startMonitor({ MONITOR_INTEGRITY_HOURS: '0-24' });
  }, 60_000);
  afterAll(() => under?.stop(), 30_000);

  const asSuperuser = <R extends Record<string, unknown>>(sql: string) =>
    under.postgres.query<R>(sql, [], admin);
  const run = async (): Promise<Check> =>
    (await under.asAdmin.request(runCheck, { name: 'postgres-integrity' })).check;
  /** Runs it until that is its state. */
  const becomes = (state: Check['state']) =>
    eventually(async () => expect((await run()).state).toBe(state), { timeoutMs: 60_000, everyMs: 300 });
  const unchecked = `select count(*)::int as n from pg_class c join pg_index i on i.indexrelid = c.oid
    where c.relkind = 'i' and c.oid not in (select index_oid from monitor.index_checks)`;

  /** Changes bytes in the middle of the second page, which is a leaf, while no copy of it is in memory. */
  async function damage(index: string): Promise<void> {
    const [file] = await asSuperuser<{ folder: string; path: string }>(
      `select current_setting('data_directory') as folder, pg_relation_filepath('${index}') as path`,
    );
    await asSuperuser('checkpoint');
    await under.postgres.kill9();
    const handle = await open(join(file!.folder, file!.path), 'r+');
    await handle.write(Buffer.alloc(512, 0x5a), 0, 512, PAGE_BYTES + PAGE_BYTES / 2);
    await handle.close();
    await under.postgres.restart();
  }

  it('cannot be checked without the extension, and says so', async () => {
    await under.seesCheck('postgres', 'passing');
    const check = await run();
    expect(check).toMatchObject({ last_run: { passed: true } });
    expect(check.last_run?.detail).toContain('the extension amcheck is not there');
    expect(check.state).toBe('degraded');
  }, 60_000);

  it('is checked index by index, catalogs too, and every index once', async () => {
    await asSuperuser(
      `create extension amcheck; grant usage on schema public to monitor; grant execute on function bt_index_check(regclass, boolean) to monitor`,
    );
    await eventually(
      async () => {
        await run();
        expect(await asSuperuser(unchecked)).toEqual([{ n: 0 }]);
      },
      { timeoutMs: 30_000 },
    );
    await under.seesCheck('postgres-integrity', 'passing');
    const [checked] = await under.query<{ n: number; last: string }>(
      'select count(*)::int as n, max(checked_at)::text as last from index_checks where damage is null',
    );
    expect(checked?.n).toBeGreaterThan(100);
    // Nothing is due now: another run reads no index.
    await run();
    expect(await under.query('select max(checked_at)::text as last from index_checks')).toEqual([
      { last: checked?.last },
    ]);
  }, 60_000);

  it('is reported when an index is damaged, by its name, and as over once it was rebuilt', async () => {
    await damage('ledger_entry');
    under.forget();
    await under.query(`update index_checks set checked_at = now() - interval '1 day' where index_oid in
      (select indexrelid from pg_index where indrelid = 'public.ledger'::regclass)`);
    await becomes('failing');
    await under.receives('firing database.damaged postgres');
    const check = await under.check('postgres-integrity');
    expect(check.last_run?.detail).toMatch(/^one index is damaged: .*ledger_entry on .*ledger: /);
    const [symptom] = under.symptoms.filter(({ signal }) => signal === 'database.damaged');
    expect(symptom).toMatchObject({
      target: { kind: 'server', name: 'postgres' },
      evidence: { error: expect.stringContaining('ledger_entry') },
    });
    // Nothing was repaired by itself.
    expect(
      await asSuperuser(
        `select damage is not null as damaged from monitor.index_checks where index_oid = 'ledger_entry'::regclass`,
      ),
    ).toEqual([{ damaged: true }]);
    await asSuperuser('reindex index ledger_entry');
    await becomes('passing');
    await under.receives('cleared database.damaged postgres');
    expect(under.published().filter((one) => one.includes('database.damaged'))).toEqual([
      'firing database.damaged postgres',
      'cleared database.damaged postgres',
    ]);
  }, 150_000);

  it('is still known to be damaged by the next monitor, outside of quiet hours', async () => {
    await damage('ledger_n');
    await under.query(`delete from index_checks where index_oid = 'public.ledger_n'::regclass`);
    // A run that failed since the server was away has read no index: it is not enough that one did not pass.
    await eventually(async () => expect((await run()).last_run?.detail).toContain('ledger_n on'), {
      timeoutMs: 60_000,
    });
    await under.endMonitor('stop');
    const hour = new Date().getUTCHours();
    const never = hour < 12 ? '18-19' : '5-6';
    await under.startMonitor({ MONITOR_INTEGRITY_HOURS: never });
    await eventually(async () => expect((await run()).last_run?.detail).toContain('ledger_n on'), {
      timeoutMs: 60_000,
    });
    // A new index has to wait for them.
    await asSuperuser('create index ledger_later on ledger (n, entry)');
    await run();
    expect(await asSuperuser(unchecked)).toEqual([{ n: 1 }]);
  }, 150_000);
});
