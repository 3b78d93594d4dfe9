import type { Bus } from '@gridworks/bus';
import {
  cancelSubscription,
  changeSubscription,
  getInvoice,
  getSubscription,
  listInvoices,
  newId,
  pauseSubscription,
  paymentOverdue,
  paymentSucceeded,
  previewInvoice,
  previewSubscription,
  putBillingProfile,
  resumeSubscription,
} from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import { eventually } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountRepository } from '../src/accounts/account.repository.ts';
import { accountant } from './accountant.ts';
import { BilledPartners, PROFILE, publishTestPlans } from './billed-partner.ts';
import { startBilling } from './billing-under-test.ts';

const refusal = (code: string, details: object = {}) =>
  expect.objectContaining({ code: `BILLING.${code}`, ...details });

describe('subscriptions', () => {
  let billing: ServiceUnderTest;
  let gateway: Bus;
  let partners: BilledPartners;
  let accounts: AccountRepository;
  beforeAll(async () => {
    billing = await startBilling();
    const instance = await billing.startInstance();
    partners = new BilledPartners(instance);
    accounts = instance.module.get(AccountRepository);
    await partners.database.whenReady();
    await publishTestPlans(billing);
    gateway = await billing.startGateway();
  });
  afterAll(() => billing.stop());

  const itemsOf = (partner: string) =>
    billing.query<{ kind: string; amount: number }>(
      'select kind, amount::int from invoice_items where partner_id = $1 order by covers_from, id',
      [partner],
    );
  const spansOf = async (partner: string) => {
    const rows = await billing.query<{ from: Date; to: Date; plan: string }>(
      `select starts_at as from, ends_at as to, plan from billing_periods period
       join plan_versions version on version.id = period.plan_version_id where partner_id = $1 order by starts_at`,
      [partner],
    );
    return rows.map(
      ({ from, to, plan }) => `${plan} ${from.toISOString().slice(0, 16)} ${to.toISOString().slice(0, 16)}`,
    );
  };

  it('are upgraded and downgraded now: the rest of one fee for the rest of the other', async () => {
    const partner = await partners.register('2030-11-01T00:00:00Z');
    await partners.change(partner, 'meter', '2030-11-01T00:00:00Z');
    await partners.change(partner, 'larger', '2030-11-16T00:00:00Z');
    expect(await itemsOf(partner)).toEqual([
      { kind: 'fee', amount: 1000 },
      { kind: 'unused_fee', amount: -500 },
      { kind: 'fee', amount: 2500 },
    ]);
    await partners.change(partner, 'meter', '2030-11-16T00:00:00Z');
    const paid = (await itemsOf(partner)).reduce((sum, { amount }) => sum + amount, 0);
    expect(paid).toBe(1000);
    // The period that lasted no second is gone.
    expect(await spansOf(partner)).toEqual([
      'meter 2030-11-01T00:00 2030-11-16T00:00',
      'meter 2030-11-16T00:00 2030-12-01T00:00',
    ]);
    const { anchor_at } = await partners.at(partner, '2031-01-15T00:00:00Z');
    expect(anchor_at.toISOString()).toBe('2030-11-01T00:00:00.000Z');
  });

  it('go on in their currency once they are paid', async () => {
    const partner = await partners.register('2030-11-01T00:00:00Z');
    await partners.change(partner, 'meter', '2030-11-01T00:00:00Z');
    await billing.query(`update billing_profiles set currency = 'INR' where partner_id = $1`, [partner]);
    await expect(partners.change(partner, 'larger', '2030-11-16T00:00:00Z')).rejects.toMatchObject({
      code: 'BILLING.CURRENCY_FIXED',
    });
    await partners.act('cancelAtPeriodEnd', partner, '2030-11-16T00:00:00Z');
    const changed = await partners.change(partner, 'larger', '2030-12-02T00:00:00Z');
    expect(changed.currency).toBe('INR');
  });

  it('charge each part of a month with the included units of its part', async () => {
    const partner = await partners.register('2030-11-01T00:00:00Z');
    await partners.change(partner, 'meter', '2030-11-01T00:00:00Z');
    const calls = (day: string, count: number) =>
      Array.from({ length: count }, (_, n) => new Date(Date.parse(day) + n * 1000).toISOString());
    // Ten units are included in a whole month, hence five in its half; a hundred of the other plan, hence fifty.
    await partners.call(partner, [...calls('2030-11-02T00:00:00Z', 9), ...calls('2030-11-20T00:00:00Z', 60)]);
    await partners.change(partner, 'larger', '2030-11-16T00:00:00Z');
    await partners.run('2030-12-01T00:00:00Z');
    const charges = await billing.query(
      `select description, quantity::int, amount::int from invoice_items where partner_id = $1 and kind = 'charge' order by covers_from`,
      [partner],
    );
    expect(charges).toEqual([
      { description: 'API calls above the included 5, 1–15 Nov 2030', quantity: 4, amount: 8 },
      { description: 'API calls above the included 50, 16–30 Nov 2030', quantity: 10, amount: 10 },
    ]);
  });

  it('change at the end of the period when that is asked for, to a year as well', async () => {
    const partner = await partners.register('2031-01-01T00:00:00Z');
    await partners.change(partner, 'larger', '2031-01-31T00:00:00Z');
    const scheduled = await partners.schedule(partner, 'yearly', '2031-02-01T00:00:00Z');
    expect(scheduled.pending_plan_version_id).not.toBeNull();
    const version = async () => (await accounts.planVersion(partner)).plan;
    expect(await version()).toBe('larger');
    const changed = await partners.at(partner, '2031-03-10T00:00:00Z');
    expect(await version()).toBe('yearly');
    expect(changed).toMatchObject({
      ...{ pending_plan_version_id: null, period_from: new Date('2031-02-28T00:00:00Z') },
      period_to: new Date('2032-02-28T00:00:00Z'),
    });
  });

  it('end with their period, and then the partner has the first plan', async () => {
    const partner = await partners.register('2032-01-01T00:00:00Z');
    await partners.change(partner, 'meter', '2032-01-01T00:00:00Z');
    await partners.act('cancelAtPeriodEnd', partner, '2032-01-10T00:00:00Z');
    await partners.act('resume', partner, '2032-01-11T00:00:00Z');
    expect(await partners.at(partner, '2032-02-01T00:00:00Z')).toMatchObject({ cancel_at_period_end: false });
    await partners.act('cancelAtPeriodEnd', partner, '2032-02-10T00:00:00Z');
    await partners.run('2032-03-01T00:00:00Z');
    expect((await accounts.planVersion(partner)).plan).toBe('free');
    expect(await spansOf(partner)).toEqual([
      ...['meter 2032-01-01T00:00 2032-02-01T00:00', 'meter 2032-02-01T00:00 2032-03-01T00:00'],
      'free 2032-03-01T00:00 2032-04-01T00:00',
    ]);
  });

  it('are paused without a charge, and the rest of the fee is set off when they are resumed', async () => {
    const partner = await partners.register('2033-11-01T00:00:00Z');
    await partners.change(partner, 'meter', '2033-11-01T00:00:00Z');
    await partners.run('2033-11-01T00:00:00Z');
    await partners.act('pause', partner, '2033-11-16T00:00:00Z');
    expect((await accounts.planVersion(partner)).plan).toBe('free');
    await expect(partners.change(partner, 'larger', '2033-11-17T00:00:00Z')).rejects.toThrow(
      refusal('TRANSITION_FORBIDDEN', {
        details: { from: 'paused', step: 'change', allowed: ['resume', 'cancel'] },
      }),
    );
    await partners.run('2034-02-01T00:00:00Z');
    expect(await billing.query('select net from invoices where partner_id = $1', [partner])).toHaveLength(1);
    await partners.act('resume', partner, '2034-02-10T00:00:00Z');
    expect((await accounts.planVersion(partner)).plan).toBe('meter');
    expect(await itemsOf(partner)).toEqual([
      { kind: 'fee', amount: 1000 },
      { kind: 'unused_fee', amount: -500 },
      { kind: 'fee', amount: 1000 },
    ]);
    await partners.run('2034-02-10T00:00:00Z');
    const [, last] = await billing.query<{ net: string }>(
      'select net from invoices where partner_id = $1 order by id',
      [partner],
    );
    expect(last).toEqual({ net: '500' });
  });

  it('keep their plan while a payment is overdue, and refuse another one', async () => {
    const partner = await partners.register('2035-01-01T00:00:00Z');
    await partners.change(partner, 'meter', '2035-01-01T00:00:00Z');
    await partners.mark(partner, 'miss_payment', '2035-01-20T00:00:00Z');
    await expect(partners.change(partner, 'larger', '2035-01-21T00:00:00Z')).rejects.toThrow(
      refusal('TRANSITION_FORBIDDEN'),
    );
    expect((await partners.at(partner, '2035-02-02T00:00:00Z')).status).toBe('past_due');
    await partners.mark(partner, 'settle_payment', '2035-02-03T00:00:00Z');
    expect((await partners.at(partner, '2035-02-03T00:00:00Z')).status).toBe('active');
  });

  it('are past due from the end of the grace of an invoice until none is overdue', async () => {
    const partner = await partners.register(new Date(Date.now() - 86_400_000).toISOString());
    await partners.change(partner, 'meter', new Date().toISOString());
    await partners.run(new Date());
    const [invoice] = await billing.query<{ id: string }>('select id from invoices where partner_id = $1', [
      partner,
    ]);
    const first = invoice?.id ?? '';
    await billing.query(
      `insert into dunning_cases (invoice_id, partner_id, state, started_at) values ($1, $2, 'overdue', now())`,
      [first, partner],
    );
    const emit = (work: (tx: Transaction) => void) => partners.database.transaction(async (tx) => work(tx));
    const status = () =>
      billing.query<{ status: string }>(
        `select status from subscriptions where partner_id = $1 and status <> 'canceled'`,
        [partner],
      );
    const becomes = (state: string) =>
      eventually(async () => expect(await status()).toEqual([{ status: state }]), { timeoutMs: 20_000 });
    const paid = (invoice_id: string) =>
      emit((tx) =>
        tx.emit(paymentSucceeded, {
          ...{ payment_id: newId('payment'), invoice_id, partner_id: partner, kind: 'charge' },
          ...{ amount: 1180, currency: 'EUR', invoice_paid: true },
        }),
      );
    const since = new Date().toISOString();
    await emit((tx) => tx.emit(paymentOverdue, { invoice_id: first, partner_id: partner, since }));
    await becomes('past_due');
    await paid(newId('invoice'));
    await eventually(async () =>
      expect(
        await billing.query(`select 1 from inbox where consumer = 'billing_settle-payment'`),
      ).toHaveLength(1),
    );
    expect(await status()).toEqual([{ status: 'past_due' }]);
    await paid(first);
    await becomes('active');
  });

  it('are shown, previewed, changed with an invoice, and say what is allowed', async () => {
    const partner = await partners.register(new Date(Date.now() - 3 * 86_400_000).toISOString(), null);
    const principal = accountant(partner);
    const as = { principal };
    const free = await gateway.request(getSubscription, {}, as);
    expect(free).toMatchObject({
      status: 'active',
      plan: { id: 'free' },
      allowed: ['change', 'schedule_change'],
    });
    const upgrade = { plan: 'growth', when: 'now' as const };
    await expect(gateway.request(changeSubscription, upgrade, as)).rejects.toMatchObject(
      refusal('PROFILE_INCOMPLETE', { details: { missing: expect.arrayContaining(['legal_name']) } }),
    );
    await gateway.request(putBillingProfile, { ...PROFILE, time_zone: 'Asia/Kolkata' }, as);
    await expect(
      gateway.request(changeSubscription, { plan: 'golden', when: 'now' }, as),
    ).rejects.toMatchObject(refusal('PLAN_NOT_OFFERED'));

    const preview = await gateway.request(previewSubscription, upgrade, as);
    expect(preview).toMatchObject({
      invoice: { net: 4900, total: 5782, lines: [{ amount: 4900, detail: 'SAC 998315' }] },
      next_invoice: { net: 4900 },
      carried_over: 0,
    });
    // A preview leaves nothing.
    expect(await gateway.request(getSubscription, {}, as)).toEqual(free);
    expect((await gateway.request(listInvoices, {}, as)).data).toEqual([]);

    const changed = await gateway.request(changeSubscription, upgrade, as);
    expect(changed.subscription).toMatchObject({
      ...{ status: 'active', plan: { id: 'growth' }, time_zone: 'Asia/Kolkata' },
      allowed: ['change', 'schedule_change', 'cancel', 'cancel_at_period_end', 'pause'],
    });
    const invoice = await gateway.request(getInvoice, { id: changed.invoice_id ?? '' }, as);
    expect(invoice).toMatchObject({ status: 'finalized', net: 4900, total: 5782, due: 5782 });
    await expect(gateway.request(changeSubscription, upgrade, as)).rejects.toMatchObject(
      refusal('TRANSITION_FORBIDDEN'),
    );

    const down = await gateway.request(previewSubscription, { plan: 'free', when: 'now' }, as);
    expect(down).toMatchObject({ invoice: null, next_invoice: null });
    expect(down.carried_over).toBeGreaterThan(4890);
    const next = await gateway.request(previewInvoice, {}, as);
    expect(next).toMatchObject({ at: changed.subscription.usage_period.to, invoice: { net: 4900 } });

    const later = await gateway.request(cancelSubscription, {}, as);
    expect(later.subscription).toMatchObject({ cancel_at_period_end: true });
    expect((await gateway.request(resumeSubscription, {}, as)).subscription.cancel_at_period_end).toBe(false);
    const paused = await gateway.request(pauseSubscription, {}, as);
    expect(paused.subscription).toMatchObject({ status: 'paused', allowed: ['cancel', 'resume'] });
    const canceled = await gateway.request(cancelSubscription, { when: 'now' }, as);
    expect(canceled.subscription.plan.id).toBe('free');
    await expect(gateway.request(cancelSubscription, {}, as)).rejects.toMatchObject(
      refusal('TRANSITION_FORBIDDEN'),
    );
    await expect(
      gateway.request(getSubscription, {}, { principal: { ...principal, role: 'viewer' } }),
    ).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
