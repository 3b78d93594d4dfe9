import type { Bus } from '@gridworks/bus';
import { type InputOf, newId, recordUsageEvents } from '@gridworks/contracts';
import { type InstanceUnderTest, keyOf, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MeteredUsageRepository } from '../src/invoicing/metered-usage.repository.ts';
import { BilledPartners, PROFILE } from './billed-partner.ts';
import { startBilling } from './billing-under-test.ts';

type Given = InputOf<typeof recordUsageEvents>['events'][number];

const SOURCE = '/warehouse/berlin';
const DAY_MS = 86_400_000;

describe("usage that partners' systems report", () => {
  let billing: ServiceUnderTest;
  let instance: InstanceUnderTest;
  let partners: BilledPartners;
  let gateway: Bus;
  let partner: string;
  const month = 31 * DAY_MS;
  const began = new Date(Math.floor((Date.now() - 2 * month) / 1000) * 1000);
  const after = (days: number) => new Date(began.getTime() + days * DAY_MS);
  const until = { from: began, to: new Date(Date.now() + 3_600_000) };

  beforeAll(async () => {
    billing = await startBilling();
    [instance] = await Promise.all([billing.startInstance(), billing.startInstance('billing-2')]);
    gateway = await billing.startGateway();
    partners = new BilledPartners(instance);
    await partners.database.whenReady();
    const prices = {
      ...{ recurring_amount: 1000, minimum_amount: 0 },
      charges: [{ metric: 'reported_units', included: 10, price: { model: 'per_unit', unit_amount: '3' } }],
    };
    const terms = {
      ...{ name: 'Reporter', description: 'Reporter', interval: 'month', trial_days: 0 },
      ...{ prices: { EUR: prices }, features: [], limits: { burst_per_minute: 60, daily: 1000 } },
    };
    await billing.query(
      `insert into plan_versions (id, plan, version, status, terms, created_at, published_at)
       values ($1, 'reporter', 1, 'published', $2, now(), now())`,
      [newId('planVersion'), JSON.stringify(terms)],
    );
  });
  afterAll(() => billing.stop());

  const report = (id: string, quantity: number, members: object = {}): Given => ({
    ...{ specversion: '1.0', id, source: SOURCE, type: 'usage.reported' },
    ...{ data: { metric: 'reported_units', quantity }, ...members },
  });
  const correct = (id: string, corrects: string, quantity: number, members: object = {}): Given => ({
    ...{ specversion: '1.0', id, source: SOURCE, type: 'usage.corrected', data: { corrects, quantity } },
    ...members,
  });
  const send = (events: Given[], of = partner, mode: 'live' | 'test' = 'live') =>
    gateway.request(recordUsageEvents, { events }, { principal: { ...keyOf(of), mode } });
  const units = async (of = partner) =>
    (await partners.database.transaction((tx) => new MeteredUsageRepository().count(tx, of, until)))
      .reported_units;
  const acts = () =>
    billing.query<{ payload: { action: string; after: unknown } }>(
      `select event -> 'data' as payload from outbox where subject = 'event.billing.act.recorded' order by sequence`,
    );

  it('counts an event once, however often and by whichever key it is sent', async () => {
    partner = await partners.register(began.toISOString(), PROFILE);
    const first = await send([report('a', 5), report('b', 7), report('a', 99)]);
    expect(first).toMatchObject({ accepted: 2, duplicates: 1, rejected: 0 });
    expect(first.results.map(({ index, id, status }) => [index, id, status])).toEqual([
      [0, 'a', 'accepted'],
      [1, 'b', 'accepted'],
      [2, 'a', 'duplicate'],
    ]);
    expect(await send([report('b', 7), report('c', 1)])).toMatchObject({ accepted: 1, duplicates: 1 });
    expect(await send([report('a', 5, { source: '/warehouse/pune' })])).toMatchObject({ accepted: 1 });
    expect(await units()).toBe(18n);
    const other = await partners.register(began.toISOString());
    expect(await send([report('a', 2)], other)).toMatchObject({ accepted: 1 });
    expect([await units(), await units(other)]).toEqual([18n, 2n]);
  });

  it('stores overlapping batches that are sent together once', async () => {
    const own = await partners.register(began.toISOString());
    const ids = Array.from({ length: 60 }, (_, n) => `together-${n}`);
    const batches = Array.from({ length: 8 }, (_, n) =>
      send(
        [...ids.slice(n * 5), ...ids.slice(0, n * 5)].map((id) => report(id, 1)),
        own,
      ),
    );
    const receipts = await Promise.all(batches);
    expect(receipts.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(60);
    expect(await units(own)).toBe(60n);
  });

  it('refuses what is wrong with a code, and stores the rest', async () => {
    const receipt = await send([
      report('fine', 1),
      { specversion: '0.3', id: 'old', source: SOURCE, type: 'usage.reported' },
      report('gateway', 1, { data: { metric: 'calls', quantity: 1 } }),
      report('ancient', 1, { time: '2001-01-01T00:00:00Z' }),
      report('ahead', 1, { time: new Date(Date.now() + DAY_MS).toISOString() }),
      report('negative', -1),
      correct('lost', 'nobody', -1),
      correct('much', 'fine', -2),
      { id: 'x\u0000' } as Given,
    ]);
    expect(receipt).toMatchObject({ accepted: 1, rejected: 8 });
    expect(receipt.results.map(({ code }) => code)).toEqual([
      null,
      'BILLING.USAGE_EVENT_INVALID',
      'BILLING.METRIC_NOT_REPORTABLE',
      'BILLING.USAGE_EVENT_TOO_OLD',
      'BILLING.USAGE_EVENT_IN_FUTURE',
      'BILLING.USAGE_EVENT_INVALID',
      'BILLING.CORRECTED_EVENT_NOT_FOUND',
      'BILLING.CORRECTION_TOO_LARGE',
      'BILLING.USAGE_EVENT_INVALID',
    ]);
    await expect(send([report('negative', -1)])).rejects.toMatchObject({
      code: 'BILLING.USAGE_EVENTS_REJECTED',
      problems: [{ pointer: '/events/0/data/quantity' }],
    });
  });

  it('keeps units of test keys apart', async () => {
    const before = await units();
    expect(await send([report('test', 1000)], partner, 'test')).toMatchObject({ accepted: 1 });
    expect(await units()).toBe(before);
  });

  it('takes units back once, never more than there are, and leaves an entry in the audit log', async () => {
    const own = await partners.register(began.toISOString());
    await send([report('e', 10, { time: after(3).toISOString() })], own);
    const entries = (await acts()).length;
    expect(await send([correct('e-1', 'e', -4)], own)).toMatchObject({ accepted: 1 });
    expect(await send([correct('e-1', 'e', -4)], own)).toMatchObject({ duplicates: 1 });
    const both = await Promise.allSettled([
      send([correct('e-2', 'e', -5)], own),
      send([correct('e-3', 'e', -5)], own),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await units(own)).toBe(1n);
    expect(await billing.query('select distinct at from usage_events where partner_id = $1', [own])).toEqual([
      { at: after(3) },
    ]);
    const added = (await acts()).slice(entries).map(({ payload }) => payload);
    expect(added).toHaveLength(2);
    expect(added[0]).toMatchObject({
      action: 'usage_event.corrected',
      after: { corrections: 1, events: [{ id: 'e-1', corrects: 'e', quantity: -4 }] },
    });
  });

  it('charges them, and what comes late or is taken back is a line of the next invoice', async () => {
    const own = await partners.register(began.toISOString(), PROFILE);
    await partners.change(own, 'reporter' as never, began.toISOString());
    await partners.run(began);
    await send([report('r', 15, { time: after(2).toISOString() })], own);
    const [first] = await billing.query<{ ends_at: Date }>(
      'select ends_at from billing_periods where partner_id = $1',
      [own],
    );
    const end = first?.ends_at as Date;
    await partners.run(end);
    const lines = async () =>
      (
        await billing.query<{ description: string; amount: string }>(
          `select description, amount from invoice_items where partner_id = $1 and kind <> 'fee' and invoice_id is not null order by id`,
          [own],
        )
      ).map(({ description, amount }) => [description, Number(amount)]);
    expect(await lines()).toEqual([[expect.stringMatching(/^Reported units above the included 10, /), 15]]);
    await send([report('late', 4, { time: after(1).toISOString() }), correct('back', 'r', -2)], own);
    expect(await partners.reconcile()).toMatchObject({
      ...{ waiting: 2n, differences: [] },
    });
    const [second] = await billing.query<{ ends_at: Date }>(
      'select ends_at from billing_periods where partner_id = $1 order by starts_at desc limit 1',
      [own],
    );
    await partners.run(second?.ends_at as Date);
    expect((await lines()).at(-1)).toEqual([
      expect.stringMatching(/^Arrived after the invoice of .*: 2 units$/),
      6,
    ]);
    expect((await partners.reconcile()).differences).toEqual([]);
  });
});
