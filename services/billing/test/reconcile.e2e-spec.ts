import { getReconciliation, newId } from '@gridworks/contracts';
import { renderMetrics } from '@gridworks/observability';
import type { InstanceUnderTest, ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isDue, NightlyReconciliation } from '../src/reconciliation/nightly-reconciliation.ts';
import { BilledPartners, publishTestPlans } from './billed-partner.ts';
import { startBilling } from './billing-under-test.ts';

describe('the reconciliation', () => {
  let billing: ServiceUnderTest;
  let instance: InstanceUnderTest;
  let partners: BilledPartners;
  let partner: string;
  beforeAll(async () => {
    billing = await startBilling();
    instance = await billing.startInstance();
    partners = new BilledPartners(instance);
    await partners.database.whenReady();
    await publishTestPlans(billing);
    partner = await partners.register('2030-01-01T00:00:00Z');
    await partners.change(partner, 'meter', '2030-01-01T00:00:00Z');
    await partners.run('2030-01-01T00:00:00Z');
    await partners.call(partner, ['2030-01-05T00:00:00Z', '2030-01-31T23:59:59Z']);
    await partners.run('2030-02-01T00:00:00Z');
  });
  afterAll(() => billing.stop());

  const compare = () => partners.reconcile('2030-02-02T00:00:00Z');
  const whats = async () => (await compare()).differences.map(({ what }) => what);
  /** Changes rows of a table as nobody can while its triggers are on, and changes them back. */
  const altered = async (change: string, undo: string, work: () => Promise<void>) => {
    const table = /^update (\w+)/.exec(change)?.[1];
    const run = (sql: string) =>
      billing.query(
        `alter table ${table} disable trigger user; ${sql}; alter table ${table} enable trigger user`,
      );
    await run(change);
    await work();
    await run(undo);
    expect(await whats()).toEqual([]);
  };

  it('finds nothing when all agree, and counts what it has read', async () => {
    expect(await compare()).toEqual({
      ...{ partners: 1, periods: 1, units: 2n, invoices: 2, waiting: 0n, paused: 0n },
      ...{ payments: null, differences: [] },
    });
  });

  it('runs at night, and its metric says in how many places something differs', async () => {
    const nightly = instance.module.get(NightlyReconciliation);
    const metric = () => /^billing_reconciliation_differences (\d+)$/m.exec(renderMetrics())?.[1];
    await nightly.run(new Date('2030-02-02T03:10:00Z'));
    expect(metric()).toBe('0');
    await altered(
      'update billed_usage set quantity = quantity + 1',
      'update billed_usage set quantity = quantity - 1',
      async () => {
        await nightly.run(new Date('2030-02-02T04:10:00Z'));
        expect(metric()).toBe('0');
        await nightly.run(new Date('2030-02-03T03:10:00Z'));
        expect(metric()).toBe('1');
        const monitor = await billing.connect('monitor');
        expect(await monitor.request(getReconciliation, {})).toEqual({
          ...{ ran_at: '2030-02-03T03:10:00.000Z', differences: 1, error: null },
          first: {
            id: expect.stringMatching(/^sub_/),
            what: 'the period from 2030-01-01T00:00:00.000Z has 2 calls, and 3 are charged',
          },
        });
      },
    );
  });

  it('is made up for when a night was missed, and once by all instances', () => {
    const last = (ran_at: string) => ({
      ...{ ran_at: new Date(ran_at), differences: 0, shown: [], error: null },
    });
    const due = (at: string, ranAt?: string) => isDue(ranAt ? last(ranAt) : null, new Date(at));
    expect(due('2030-02-02T15:00:00Z')).toBe(true);
    expect(due('2030-02-02T03:59:00Z', '2030-02-02T03:10:00Z')).toBe(false);
    expect(due('2030-02-02T15:00:00Z', '2030-02-02T03:10:00Z')).toBe(false);
    expect(due('2030-02-03T03:00:00Z', '2030-02-02T03:10:00Z')).toBe(true);
    expect(due('2030-02-03T06:00:00Z', '2030-02-02T03:10:00Z')).toBe(true);
  });

  it('names units that were metered before there was anything to charge them by', async () => {
    await partners.call(partner, ['2029-12-31T23:59:59Z'], 'test');
    expect(await whats()).toEqual([]);
    const stranger = newId('partner');
    const early = ['2029-12-31T23:59:59Z'];
    await partners.call(stranger, early);
    await partners.call(partner, early);
    const what = '1 units were metered before its account and first billing period, and are on no line';
    expect((await compare()).differences.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      [stranger, partner].sort().map((id) => ({ id, what })),
    );
    // An account from before there were billing periods had calls that nothing charged.
    await billing.query(`insert into accounts (partner_id, opened_at) values ($1, '2029-06-01')`, [partner]);
    expect((await compare()).differences).toEqual([{ id: stranger, what }]);
    for (const table of ['usage_daily', 'usage_records'])
      await billing.query(`delete from ${table} where partner_id = $1`, [stranger]);
  });

  it('names a period with more or fewer units than are charged', async () => {
    await altered(
      'update billed_usage set quantity = quantity + 1',
      'update billed_usage set quantity = quantity - 1',
      async () =>
        expect(await whats()).toEqual([
          'the period from 2030-01-01T00:00:00.000Z has 2 calls, and 3 are charged',
        ]),
    );
  });

  it('tells calls that wait for the next invoice from calls that were lost', async () => {
    await partners.call(partner, ['2030-01-07T00:00:00Z']);
    expect(await compare()).toMatchObject({ waiting: 1n, differences: [] });
    await altered(
      `update billing_periods set rated_at = now() + interval '1 day' where rated_at is not null`,
      `update billing_periods set rated_at = now() where rated_at is not null`,
      async () =>
        expect(await whats()).toEqual([
          'the period from 2030-01-01T00:00:00.000Z has 3 calls, and 2 are charged',
        ]),
    );
  });

  it('names an invoice whose posting is missing, a posting without an invoice, and a gap', async () => {
    await altered(
      `update ledger_transactions set reference = 'ivc_x' where id = (select min(id) from ledger_transactions)`,
      `update ledger_transactions set reference = (select min(id) from invoices) where reference = 'ivc_x'`,
      async () =>
        expect(await whats()).toEqual([
          expect.stringMatching(/^the invoice of 1180 EUR has a posting of nothing$/),
          expect.stringMatching(/^invoice_finalized of ivc_x, which is no finalized invoice$/),
        ]),
    );
    await altered(
      'update invoice_series set last_number = 3',
      'update invoice_series set last_number = 2',
      async () => expect(await whats()).toEqual(['the series has 2 numbers up to 3']),
    );
  });

  it('names an item whose invoice has another amount', async () => {
    await altered(
      `update invoice_items set amount = amount + 1 where kind = 'fee' and covers_from = '2030-01-01T00:00:00Z'`,
      `update invoice_items set amount = amount - 1 where kind = 'fee' and covers_from = '2030-01-01T00:00:00Z'`,
      async () => expect(await whats()).toEqual(['its lines are 1000, its items 1001']),
    );
  });
});
