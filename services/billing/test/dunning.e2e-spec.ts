import {
  getInvoiceBalance,
  invoiceFinalized,
  newId,
  paymentMailRequested,
  recordTransfer,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PAYMENT_TIMES } from '../src/payments/attempts/payment-times.ts';
import { RunDunning } from '../src/payments/run-dunning.ts';
import { accountant, PaymentsUnderTest, platformAdmin, SHORT_TIMES } from './payments-under-test.ts';

const OK = '4242424242424242';
const POOR = '4000000000009995';
const STOLEN = '4000000000009979';
const ASKS = '4000002760003184';
const SLOW = '4000000000000077';
const DAY_MS = 86_400_000;

describe('dunning', () => {
  let test: PaymentsUnderTest;
  let dunning: RunDunning;
  beforeAll(async () => {
    // A payer has a moment, and a request that never arrived is given up at once.
    test = await PaymentsUnderTest.start({ ...SHORT_TIMES, actionMs: 400, keyMs: 300 });
    dunning = test.instance.module.get(RunDunning);
  });
  afterEach(() => {
    test.stripe.faultOf = () => undefined;
  });
  afterAll(() => test?.stop());

  const after = (days: number) => new Date(Date.now() + days * DAY_MS);
  const caseOf = async (partner: string, id: string) =>
    (await test.gateway.request(getInvoiceBalance, { id }, accountant(partner))).dunning;
  /** The mails of an invoice, in order. */
  const mails = async (id: string) => {
    const rows = await test.billing.query<{
      event: { data: { mail: string; words: Record<string, string> } };
    }>(`select event from outbox where subject = $1 and event::text like $2 order by sequence`, [
      paymentMailRequested.subject,
      `%${id}%`,
    ]);
    return rows.map(({ event }) => event.data);
  };
  const overdue = (id: string) =>
    test.billing.query(
      `select 1 from outbox where subject = 'event.billing.payment.overdue' and event::text like $1`,
      [`%${id}%`],
    );
  const attempts = (id: string) =>
    test.billing.query<{ state: string; code: string | null; provider_id: string }>(
      'select state, code, provider_id from payment_attempts where invoice_id = $1 order by id',
      [id],
    );
  const finalize = (partner: string, id: string) =>
    test.database.transaction(async (tx) =>
      tx.emit(
        invoiceFinalized,
        { invoice_id: id, partner_id: partner, total: 1, currency: 'EUR', due_on: null },
        { partnerId: partner },
      ),
    );
  const until = (id: string, state: string, count: number) =>
    eventually(async () => {
      const all = await attempts(id);
      expect(all.filter((one) => one.state === state)).toHaveLength(count);
    });

  /** Every way in which a payment fails. Each must end in `failed`, and must have begun dunning. */
  const WAYS: Readonly<Record<string, (partner: string, id: string) => Promise<void>>> = {
    'declined at once, with the payer there': async (partner, id) => {
      await test.card(partner, POOR);
      await test.pay(partner, id);
    },
    'declined at once, by itself': async (partner, id) => {
      await test.card(partner, STOLEN);
      await finalize(partner, id);
    },
    'the bank wants the payer, who is not there': async (partner, id) => {
      await test.card(partner, ASKS);
      await finalize(partner, id);
    },
    'the payer refuses at the bank': async (partner, id) => {
      await test.card(partner, ASKS);
      const { id: payment } = await test.pay(partner, id);
      const { action_url } = await test.settled(partner, payment, 'requires_action');
      await fetch(action_url ?? '', {
        method: 'POST',
        body: new URLSearchParams({ decision: 'refuse' }),
        redirect: 'manual',
      });
    },
    'the payer does not confirm in time': async (partner, id) => {
      await test.card(partner, ASKS);
      await test.pay(partner, id);
    },
    'the bank says no days later': async (partner, id) => {
      await test.card(partner, SLOW);
      await finalize(partner, id);
      await until(id, 'processing', 1);
      const [attempt] = await attempts(id);
      test.stripe.bank.decide(attempt?.provider_id ?? '', { declines: 'insufficient_funds' });
    },
    'the outcome was unknown, and the bank had declined': async (partner, id) => {
      await test.card(partner, POOR);
      test.stripe.faultOf = ({ route }) => (route === 'POST /v1/payment_intents' ? 'error-after' : undefined);
      await test.pay(partner, id);
    },
    'the request never arrived': async (partner, id) => {
      await test.card(partner, OK);
      test.stripe.faultOf = ({ route }) => (route === 'POST /v1/payment_intents' ? 'lose' : undefined);
      await test.pay(partner, id);
    },
    'the provider does not understand the request': async (partner, id) => {
      await test.card(partner, OK);
      // Removed at the provider, and the webhook that says so is on its way.
      test.stripe.sendWebhooks(null);
      const [method] = await test.billing.query<{ provider_method_id: string }>(
        'select provider_method_id from payment_methods where partner_id = $1',
        [partner],
      );
      test.stripe.bank.detach(method?.provider_method_id ?? '');
      await test.pay(partner, id);
      test.stripe.sendWebhooks({ url: test.webhookUrl });
    },
  };

  it.each(Object.keys(WAYS))('begins when %s', async (way) => {
    const partner = newId('partner');
    const id = await test.invoice(partner);
    await WAYS[way]?.(partner, id);
    await until(id, 'failed', 1);
    expect(await caseOf(partner, id)).toMatchObject({ status: 'open' });
    expect((await mails(id)).map(({ mail }) => mail)).toEqual([
      expect.stringMatching(/^payment-(failed|action-required)$/),
    ]);
    expect(test.stripe.chargesOf('invoice_id', id)).toEqual([]);
  });

  it('begins when an invoice is due that nobody could charge', async () => {
    const partner = newId('partner');
    const id = await test.invoice(partner, { dueOn: '2026-11-01' });
    const later = await test.invoice(partner, { dueOn: '2999-01-01' });
    await Promise.all([dunning.run(new Date()), dunning.run(new Date())]);
    expect(await caseOf(partner, id)).toMatchObject({ status: 'open' });
    expect(await caseOf(partner, later)).toBeNull();
    expect(await mails(id)).toEqual([
      expect.objectContaining({
        mail: 'payment-failed',
        words: expect.objectContaining({ reason: 'There is no payment method.' }),
      }),
    ]);
    await test.gateway.request(
      recordTransfer,
      { id, amount: 1_000_000, currency: 'EUR', reference: 'E2E' },
      { ...platformAdmin(), idempotencyKey: crypto.randomUUID() },
    );
    expect(await caseOf(partner, id)).toMatchObject({ status: 'recovered', next_at: null });
  });

  it('retries on four days, warns, and ends, each once with two instances at work', async () => {
    const partner = newId('partner');
    await test.card(partner, POOR);
    const id = await test.invoice(partner);
    await test.pay(partner, id);
    await until(id, 'failed', 1);
    for (const [n, day] of [1, 3, 5, 7].entries()) {
      const at = after(day + 0.01);
      await Promise.all([dunning.run(at), dunning.run(at), dunning.run(at)]);
      await until(id, 'failed', n + 2);
    }
    for (const day of [8, 9]) await dunning.run(after(day));
    await Promise.all([dunning.run(after(10.01)), dunning.run(after(10.01))]);
    expect(await overdue(id)).toEqual([]);
    await Promise.all([dunning.run(after(14.01)), dunning.run(after(14.01))]);
    await dunning.run(after(20));
    expect(await attempts(id)).toHaveLength(5);
    expect(await overdue(id)).toHaveLength(1);
    expect((await mails(id)).map(({ mail }) => mail)).toEqual([
      ...Array.from({ length: 5 }, () => 'payment-failed'),
      'payment-last-warning',
      'payment-overdue',
    ]);
    expect(await caseOf(partner, id)).toMatchObject({ status: 'overdue', next_at: null });
    // Whoever pays late has paid.
    await test.gateway.request(
      recordTransfer,
      { id, amount: 1_000_000, currency: 'EUR', reference: 'E2E' },
      { ...platformAdmin(), idempotencyKey: crypto.randomUUID() },
    );
    expect(await caseOf(partner, id)).toMatchObject({ status: 'recovered' });
  });

  it('does not charge a stolen card again, and charges another one', async () => {
    const partner = newId('partner');
    await test.card(partner, STOLEN);
    const id = await test.invoice(partner);
    await test.pay(partner, id);
    await until(id, 'failed', 1);
    await dunning.run(after(1.01));
    expect(await attempts(id)).toHaveLength(1);
    await test.card(partner, OK);
    await test.billing.query(
      `update payment_methods set is_default = false where partner_id = $1 and is_default`,
      [partner],
    );
    await test.billing.query(
      `update payment_methods set is_default = true where partner_id = $1 and last4 = '4242'`,
      [partner],
    );
    await dunning.run(after(3.01));
    await until(id, 'succeeded', 1);
    expect(await caseOf(partner, id)).toMatchObject({ status: 'recovered' });
    expect(test.stripe.chargesOf('invoice_id', id)).toHaveLength(1);
    await dunning.run(after(30));
    expect(await attempts(id)).toHaveLength(2);
  });

  it('ends when money arrives for a payment that was taken for failed', async () => {
    const partner = newId('partner');
    await test.card(partner, POOR);
    const id = await test.invoice(partner);
    await test.pay(partner, id);
    await until(id, 'failed', 1);
    const [attempt] = await attempts(id);
    // The provider has the last word.
    Object.assign(test.stripe.bank.get(attempt?.provider_id ?? ''), { status: 'processing' });
    test.stripe.bank.decide(attempt?.provider_id ?? '', 'succeeds');
    await until(id, 'succeeded', 1);
    expect(await caseOf(partner, id)).toMatchObject({ status: 'recovered' });
    expect((await test.invoices.get(partner, id)).paymentStatus).toBe('paid');
    expect((await test.balance(partner)).cash).toBeGreaterThan(0n);
  });

  it('waits while the outcome of a payment is unknown', async () => {
    const partner = newId('partner');
    await test.card(partner, SLOW);
    const id = await test.invoice(partner, { dueOn: '2026-11-01' });
    await test.pay(partner, id);
    await until(id, 'processing', 1);
    await dunning.run(new Date());
    for (const day of [1.1, 15, 40]) await dunning.run(after(day));
    expect(await attempts(id)).toHaveLength(1);
    expect(await overdue(id)).toEqual([]);
  });

  it('leaves more time than any test', () => {
    expect(PAYMENT_TIMES.sendWithinMs).toBeLessThan(PAYMENT_TIMES.leaseMs);
    expect(PAYMENT_TIMES.arrivalMs).toBeGreaterThan(PAYMENT_TIMES.leaseMs * 2);
    expect(PAYMENT_TIMES.keyMs).toBeLessThan(DAY_MS);
  });
});
