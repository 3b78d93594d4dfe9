import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { eventually } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BilledPartners, publishTestPlans } from './billed-partner.ts';
import { startBilling } from './billing-under-test.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const PROGRAM = join(ROOT, 'services', 'billing', 'dist', 'src', 'billing-run', 'billing-cli.js');
const QUIET = '--disable-warning=ExperimentalWarning';

/** Every table that a run writes. */
const WRITTEN = [
  ...['subscriptions', 'billing_periods', 'invoice_items', 'billed_usage', 'invoices', 'invoice_series'],
  ...['ledger_transactions', 'ledger_accounts', 'ledger_entries', 'outbox'],
  ...['credit_grants', 'credit_movements'],
];

describe('a billing run that is killed', () => {
  let billing: ServiceUnderTest;
  let partners: BilledPartners;
  beforeAll(async () => {
    // The programs run as they are built; what is built already is left alone.
    const build = `import('${ROOT}/infra/local/src/build/build.ts').then((build) => build.buildPackages('${ROOT}'))`;
    const flags = ['--conditions=source', QUIET, '--input-type=module', '-e', build];
    const built = spawnSync(process.execPath, flags, {
      cwd: ROOT,
      encoding: 'utf8',
      env: cleanEnvironment(),
    });
    expect(built.stderr).toBe('');
    billing = await startBilling();
    partners = new BilledPartners(await billing.startInstance());
    await partners.database.whenReady();
    await publishTestPlans(billing);
  }, 120_000);
  afterAll(() => billing.stop());

  const cleanEnvironment = () => ({ ...process.env, NODE_OPTIONS: '' });
  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [QUIET, PROGRAM, ...args], {
      env: { ...cleanEnvironment(), DATABASE_URL: billing.databaseUrl, BILLING_GRACE_MS: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const run = async (...args: string[]) => {
    const child = start(...args);
    const [out, err, code] = await Promise.all([
      text(child.stdout as NodeJS.ReadableStream),
      text(child.stderr as NodeJS.ReadableStream),
      new Promise<number | null>((resolve) => child.on('close', resolve)),
    ]);
    return { out, err, code };
  };

  /** Partners with the plan `meter` in January of a year, 15 calls of which five are charged, and a credit of 700. */
  async function january(year: number, count: number): Promise<string[]> {
    const all: string[] = [];
    for (let n = 0; n < count; n++) {
      const partner = await partners.register(`${year}-01-01T00:00:00Z`);
      await partners.change(partner, 'meter', `${year}-01-01T00:00:00Z`);
      const calls = Array.from({ length: 15 }, (_, second) => `${year}-01-10T00:00:${10 + second}.000Z`);
      await partners.call(partner, calls);
      await partners.giveCredit(partner, 700n);
      all.push(partner);
    }
    return all;
  }

  /** What each partner was charged in all, and by how many invoices. */
  const charged = (all: readonly string[]) =>
    billing.query<{ invoices: number; net: number }>(
      `select count(*)::int as invoices, sum(net)::int as net from invoices
       where partner_id = any ($1) and status = 'finalized' group by partner_id`,
      [all],
    );
  /** What was burned for each partner. */
  const burned = (all: readonly string[]) =>
    billing.query<{ burned: number }>(
      `select sum(amount)::int as burned from credit_movements
       where partner_id = any ($1) and kind = 'burned' group by partner_id`,
      [all],
    );
  const differences = async () => {
    const { differences: found } = await partners.reconcile();
    return found;
  };

  it('charges each partner once, at whatever write its connection is cut', async () => {
    const year = 2050;
    await billing.query('create sequence writes');
    await billing.query('create table crash_at (write bigint)');
    await billing.query(`
      create function crash() returns trigger language plpgsql security definer as $$
      begin
        if nextval('writes') = (select max(write) from crash_at) then
          perform pg_terminate_backend(pg_backend_pid());
        end if;
        return null;
      end $$`);
    for (const table of WRITTEN)
      await billing.query(
        `create trigger crash after insert or update on ${table} for each statement execute function crash()`,
      );
    const all: string[] = [];
    let crashes = 0;
    for (let write = 1; ; write++) {
      const [partner] = await january(year, 1);
      all.push(partner as string);
      await billing.query(`select setval('writes', 1, false)`);
      await billing.query('insert into crash_at values ($1)', [write]);
      await partners.run(`${year}-02-01T00:00:00Z`);
      const [writes] = await billing.query<{ last: number }>('select last_value::int as last from writes');
      await billing.query('delete from crash_at');
      // The connection was healed and the step done again, or it is done by the next run.
      await partners.run(`${year}-02-01T00:00:00Z`);
      if ((writes?.last ?? 0) < write) break;
      crashes++;
    }
    for (const table of WRITTEN) await billing.query(`drop trigger crash on ${table}`);
    expect(crashes).toBeGreaterThan(15);
    expect(await charged(all)).toEqual(all.map(() => ({ invoices: 1, net: 2010 })));
    expect(await burned(all)).toEqual(all.map(() => ({ burned: -700 })));
    expect(await differences()).toEqual([]);
  }, 120_000);

  it('charges each partner once, however often the process is killed', async () => {
    const all = await january(2060, 40);
    const invoices = async () => (await charged(all)).length;
    let kills = 0;
    for (let done = 0; done < all.length; ) {
      const child = start('run', '--until', '2060-02-01', '--ahead');
      const ended = new Promise((resolve) => child.on('close', resolve));
      // Somewhere after its first invoice: three more each time, so that it is killed a dozen times.
      const target = Math.min(all.length, done + 3);
      await eventually(async () => expect(await invoices()).toBeGreaterThanOrEqual(target), {
        timeoutMs: 30_000,
      });
      if (child.kill('SIGKILL')) kills++;
      await ended;
      done = await invoices();
    }
    expect(kills).toBeGreaterThan(2);
    const last = await run('run', '--until', '2060-02-01', '--ahead');
    expect({ ...last, out: last.out.trim().slice(0, 1) }).toEqual({ out: '✓', err: '', code: 0 });
    expect(await charged(all)).toEqual(all.map(() => ({ invoices: 1, net: 2010 })));
    expect(await burned(all)).toEqual(all.map(() => ({ burned: -700 })));
    expect(await differences()).toEqual([]);
  }, 240_000);
});
