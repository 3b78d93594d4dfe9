import {
  getAutoTopUp,
  getCredits,
  getInvoice,
  listCreditGrants,
  newId,
  orderTopUp,
  type ParsedInputOf,
  paymentMailRequested,
  paymentOverdue,
  recordTransfer,
  setAutoTopUp,
  voidCreditGrant,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AutoTopUpRun } from '../src/credit-grants/auto-top-up-run.ts';
import { BilledPartners } from './billed-partner.ts';
import { accountant, PaymentsUnderTest, platformAdmin } from './payments-under-test.ts';

const OK = '4242424242424242';
const POOR = '4000000000009995';

describe('top-ups', () => {
  let test: PaymentsUnderTest;
  let partners: BilledPartners;
  let automatic: AutoTopUpRun;
  beforeAll(async () => {
    test = await PaymentsUnderTest.start();
    partners = new BilledPartners(test.instance);
    automatic = test.instance.module.get(AutoTopUpRun);
  });
  afterAll(() => test?.stop());

  const by = (partner: string) => accountant(partner);
  const register = (profile: object | null = {}) => partners.register(new Date().toISOString(), profile);
  const order = (partner: string, amount = 5_000) =>
    test.gateway.request(orderTopUp, { amount }, { ...by(partner), idempotencyKey: crypto.randomUUID() });
  const invoice = (partner: string, id: string) => test.gateway.request(getInvoice, { id }, by(partner));
  const balance = async (partner: string) =>
    (await test.gateway.request(getCredits, {}, by(partner))).balances[0]?.total ?? 0;
  const grants = async (partner: string) =>
    (await test.gateway.request(listCreditGrants, { limit: 100 }, by(partner))).data;
  const transfer = (id: string, amount: number, reference = newId('request')) =>
    test.gateway.request(
      recordTransfer,
      { id, amount, currency: 'EUR', reference },
      { ...platformAdmin(), idempotencyKey: crypto.randomUUID() },
    );
  const set = (partner: string, more: Partial<ParsedInputOf<typeof setAutoTopUp>> = {}) =>
    test.gateway.request(
      setAutoTopUp,
      { is_on: true, threshold: 1_000, amount: 4_000, monthly_limit: 10_000, ...more },
      by(partner),
    );
  const topUps = (partner: string) =>
    test.billing.query<{ id: string; status: string; payment_status: string; purpose: string }>(
      `select id, status, payment_status, purpose from invoices where partner_id = $1 and purpose <> 'charges' order by id`,
      [partner],
    );
  const differences = async () => (await partners.reconcile()).differences;

  it('are an invoice without tax, and credit once that is paid by card', async () => {
    const partner = await register();
    await test.card(partner, OK);
    const { invoice_id } = await order(partner);
    await eventually(async () => expect(await balance(partner)).toBe(5_000));
    expect(await invoice(partner, invoice_id)).toMatchObject({
      ...{ total: 5_000, due: 5_000, payment_status: 'paid', purpose: 'top_up' },
      ...{ tax: { treatment: 'outside_scope' }, lines: [{ description: 'Prepaid credit' }] },
    });
    expect(await grants(partner)).toMatchObject([
      { kind: 'prepaid', amount: 5_000, expires_at: null, invoice_id },
    ]);
    expect(await test.balance(partner)).toEqual({ cash: 5_000n, prepaid_credits: -5_000n });
    expect(await differences()).toEqual([]);
  });

  it('are no credit before all of it has arrived by bank transfer, and are granted once', async () => {
    const partner = await register();
    const { invoice_id } = await order(partner);
    expect(await test.balance(partner)).toEqual({ receivable: 5_000n, ordered_credits: -5_000n });
    await transfer(invoice_id, 3_000);
    expect(await balance(partner)).toBe(0);
    await Promise.all([transfer(invoice_id, 2_000), transfer(invoice_id, 2_000), transfer(invoice_id, 1)]);
    expect(await balance(partner)).toBe(5_000);
    expect(await grants(partner)).toHaveLength(1);
    expect(await differences()).toEqual([]);
  });

  it('cannot be paid without their credit, whatever the code does', async () => {
    const partner = await register();
    const { invoice_id } = await order(partner);
    await expect(
      test.billing.query(`update invoices set payment_status = 'paid' where id = $1`, [invoice_id]),
    ).rejects.toThrow('is paid and has no credit');
  });

  it('need a billing profile, and are at most three that are not paid', async () => {
    await expect(order(await register(null))).rejects.toMatchObject({ code: 'BILLING.PROFILE_INCOMPLETE' });
    const partner = await register();
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => order(partner)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    await expect(order(partner)).rejects.toMatchObject({ code: 'BILLING.TOP_UP_OPEN' });
  });

  it('are ordered by themselves when the balance is low, within the bound of the month', async () => {
    const partner = await register();
    await expect(set(partner)).rejects.toMatchObject({ code: 'BILLING.PAYMENT_METHOD_NEEDED' });
    await test.card(partner, OK);
    await expect(set(partner, { monthly_limit: 3_999 })).rejects.toMatchObject({
      code: 'BILLING.AUTO_TOP_UP_UNBOUNDED',
    });
    expect(await set(partner)).toMatchObject({ is_on: true, currency: 'EUR', amount: 4_000 });
    await eventually(async () => expect(await balance(partner)).toBe(4_000));
    await automatic.run(new Date());
    expect(await topUps(partner)).toHaveLength(1);
    // It is spent: another one, and then no third one, which would be above the bound.
    const spend = async () => {
      for (const { id, remaining } of await grants(partner))
        if (remaining > 0)
          await test.gateway.request(
            voidCreditGrant,
            { id, reason: 'Test' },
            { ...platformAdmin(), idempotencyKey: crypto.randomUUID() },
          );
    };
    await spend();
    await Promise.all(Array.from({ length: 5 }, () => automatic.run(new Date())));
    await eventually(async () => expect(await balance(partner)).toBe(4_000));
    await spend();
    await automatic.run(new Date());
    expect(await topUps(partner)).toMatchObject([{ purpose: 'auto_top_up' }, { purpose: 'auto_top_up' }]);
    expect(await test.gateway.request(getAutoTopUp, {}, by(partner))).toMatchObject({
      ordered_this_month: 8_000,
    });
    const nextMonth = new Date(Date.now() + 32 * 86_400_000);
    await automatic.run(nextMonth);
    expect(await topUps(partner)).toHaveLength(3);
  });

  it('that nobody orders are asked for by a mail when the balance is low, once until it is not', async () => {
    const partner = await register();
    const told = async () =>
      (
        await test.billing.query<{ event: { data: { words: object } } }>(
          `select event from outbox where subject = $1 and event::text like '%credit-low%' and event::text like $2 order by sequence`,
          [paymentMailRequested.subject, `%${partner}%`],
        )
      ).map(({ event }) => event.data.words);
    await set(partner, { is_on: false });
    await eventually(async () => expect(await told()).toEqual([{ amount: '€0.00', limit: '€10.00' }]));
    await Promise.all([1, 2, 3].map(() => automatic.run(new Date())));
    expect(await told()).toHaveLength(1);
    await partners.giveCredit(partner, 1_000n);
    await automatic.run(new Date());
    const [one] = await grants(partner);
    const key = { ...platformAdmin(), idempotencyKey: crypto.randomUUID() };
    await test.gateway.request(voidCreditGrant, { id: one?.id ?? '', reason: 'Test' }, key);
    // A top-up that is on its way is waited for.
    await order(partner);
    await automatic.run(new Date());
    expect(await told()).toHaveLength(1);
    await test.billing.query(
      `update invoices set status = 'voided', voided_at = now() where partner_id = '${partner}' and purpose = 'top_up'`,
    );
    await automatic.run(new Date());
    expect(await told()).toHaveLength(2);
  });

  it('that are not paid lapse, switch the automatic ones off, and make no subscription past due', async () => {
    const partner = await register();
    await test.card(partner, POOR);
    await set(partner);
    const [first] = await eventually(async () => {
      const all = await topUps(partner);
      if (all.length === 0) throw new Error('none yet');
      return all;
    });
    const id = first?.id ?? '';
    await eventually(async () =>
      expect(
        await test.billing.query(`select 1 from dunning_cases where invoice_id = $1 and state = 'open'`, [
          id,
        ]),
      ).toHaveLength(1),
    );
    await automatic.run(new Date());
    expect(await topUps(partner)).toHaveLength(1);
    await test.database.transaction(async (tx) => {
      const since = new Date().toISOString();
      tx.emit(paymentOverdue, { invoice_id: id, partner_id: partner, since }, { partnerId: partner });
    });
    await eventually(async () => expect(await topUps(partner)).toMatchObject([{ status: 'voided' }]));
    expect(await test.gateway.request(getAutoTopUp, {}, by(partner))).toMatchObject({ is_on: false });
    expect(await test.balance(partner)).toEqual({});
    const [mail] = await test.billing.query<{ event: { data: object } }>(
      `select event from outbox where subject = $1 and event::text like '%auto-top-up-off%' and event::text like $2`,
      [paymentMailRequested.subject, `%${partner}%`],
    );
    expect(mail?.event.data).toMatchObject({ words: { amount: '€40.00' } });
    // Both consumers have had the event.
    await eventually(async () =>
      expect(
        await test.billing.query(
          `select 1 from inbox where event_id in (select event_id from inbox where consumer = 'billing_lapse-top-up')`,
        ),
      ).toHaveLength(2),
    );
    const [subscription] = await test.billing.query<{ status: string }>(
      'select status from subscriptions where partner_id = $1',
      [partner],
    );
    expect(subscription?.status).toBe('active');
    expect(await differences()).not.toContainEqual(expect.objectContaining({ id }));
  });
});
