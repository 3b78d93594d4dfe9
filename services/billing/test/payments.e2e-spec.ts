import {
  getInvoiceBalance,
  invoiceFinalized,
  listPaymentMethods,
  listPayments,
  newId,
  payInvoice,
  recordTransfer,
  refundPayment,
  removePaymentMethod,
  setDefaultPaymentMethod,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import type { StripeFault } from '@gridworks/testing/stripe';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { InvoiceDocument } from '../src/invoices/invoice-document.ts';
import { accountant, PaymentsUnderTest, platformAdmin } from './payments-under-test.ts';
import { SAMPLE_INVOICES } from './sample-invoices.ts';

const OK = '4242424242424242';
const POOR = '4000000000009995';
const ASKS = '4000002760003184';
const SLOW = '4000000000000077';
/** What the sample invoice asks for, in cents. */
const DUE = Number((SAMPLE_INVOICES['one-line'] as InvoiceDocument).totals.due);
const refusal = (code: string) => expect.objectContaining({ code: `BILLING.${code}` });

describe('payments', () => {
  let test: PaymentsUnderTest;
  beforeAll(async () => {
    test = await PaymentsUnderTest.start();
  });
  afterEach(() => {
    test.stripe.faultOf = () => undefined;
    test.stripe.sendWebhooks({ url: test.webhookUrl });
  });
  afterAll(() => test?.stop());

  const charges = (invoice: string) => test.stripe.chargesOf('invoice_id', invoice);
  const keyed = (partner: string) => ({ ...accountant(partner), idempotencyKey: crypto.randomUUID() });
  const asAdmin = () => ({ ...platformAdmin(), idempotencyKey: crypto.randomUUID() });
  const failCharges = (fault: StripeFault, times = Number.POSITIVE_INFINITY) => {
    let left = times;
    test.stripe.faultOf = ({ route }) =>
      route === 'POST /v1/payment_intents' && left-- > 0 ? fault : undefined;
  };
  const left = async (partner: string, id: string) =>
    (await test.gateway.request(getInvoiceBalance, { id }, accountant(partner))).left;
  const events = async (invoice: string) =>
    (
      await test.billing.query<{ subject: string }>(
        `select subject from outbox where event::text like $1 order by sequence`,
        [`%${invoice}%`],
      )
    ).map(({ subject }) => subject);

  it('of an invoice are charged once, posted once, and the invoice is paid', async () => {
    const partner = newId('partner');
    await test.card(partner, OK);
    const id = await test.invoice(partner);
    const started = await test.pay(partner, id);
    expect(started).toMatchObject({ status: 'created', kind: 'charge', amount: DUE, currency: 'EUR' });
    const payment = await test.settled(partner, started.id, 'succeeded');
    expect(payment.settled_at).not.toBeNull();
    expect(charges(id)).toEqual([expect.objectContaining({ amount: DUE })]);
    expect(await test.balance(partner)).toMatchObject({ cash: BigInt(DUE) });
    expect((await test.invoices.get(partner, id)).paymentStatus).toBe('paid');
    expect(await left(partner, id)).toBe(0);
    await expect(test.pay(partner, id)).rejects.toThrow(refusal('INVOICE_NOT_PAYABLE'));
    const list = await test.gateway.request(listPayments, { id }, accountant(partner));
    expect(list.data).toEqual([payment]);
    for (const request of [
      () => test.gateway.request(listPayments, { id }, accountant(newId('partner'))),
      () => test.gateway.request(payInvoice, { id }, keyed(newId('partner'))),
    ])
      await expect(request()).rejects.toThrow(refusal('INVOICE_NOT_FOUND'));
  });

  it('are one for 100 parallel requests with one idempotency key, with one response', async () => {
    const partner = newId('partner');
    await test.card(partner, OK);
    const id = await test.invoice(partner);
    const options = keyed(partner);
    const responses = await Promise.all(
      Array.from({ length: 100 }, () => test.gateway.request(payInvoice, { id }, options)),
    );
    expect(new Set(responses.map((response) => JSON.stringify(response))).size).toBe(1);
    await test.settled(partner, responses[0]?.id ?? '', 'succeeded');
    expect(charges(id)).toHaveLength(1);
    const rows = await test.billing.query('select 1 from payment_attempts where invoice_id = $1', [id]);
    expect(rows).toHaveLength(1);
    // The same key after the payment: the same response, no other payment.
    expect(await test.gateway.request(payInvoice, { id }, options)).toEqual(responses[0]);
    const other = { id, payment_method_id: newId('paymentMethod') };
    await expect(test.gateway.request(payInvoice, other, options)).rejects.toMatchObject({
      code: 'PLATFORM.IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('are one for 20 parallel requests with keys of their own', async () => {
    const partner = newId('partner');
    await test.card(partner, OK);
    const id = await test.invoice(partner);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => test.pay(partner, id)));
    const [done, ...others] = results.filter((one) => one.status === 'fulfilled');
    expect(others).toEqual([]);
    await test.settled(partner, done?.value.id ?? '', 'succeeded');
    expect(charges(id)).toHaveLength(1);
  });

  it.each<[StripeFault]>([['drop'], ['error-after'], ['lose']])(
    'are charged once when the first requests end with %p, and lock the invoice meanwhile',
    async (fault) => {
      const partner = newId('partner');
      await test.card(partner, OK);
      const id = await test.invoice(partner);
      // Without webhooks: only reading can tell.
      test.stripe.sendWebhooks(null);
      failCharges(fault, 2);
      const { id: payment } = await test.pay(partner, id);
      await eventually(() => test.stripe.requests.some(({ body }) => body.includes(payment)));
      const second = await test.pay(partner, id).catch((error: unknown) => error);
      expect(second).toMatchObject({
        code: expect.stringMatching(/^BILLING\.(PAYMENT_OPEN|INVOICE_NOT_PAYABLE)$/),
      });
      await test.settled(partner, payment, 'succeeded');
      expect(charges(id)).toHaveLength(1);
      expect(await test.balance(partner)).toMatchObject({ cash: BigInt(DUE) });
    },
  );

  it('with an unknown outcome lock the invoice: no payment, no voiding, until the provider tells', async () => {
    const partner = newId('partner');
    await test.card(partner, OK);
    const id = await test.invoice(partner);
    test.stripe.sendWebhooks(null);
    test.stripe.faultOf = ({ route }) =>
      route.endsWith('/payment_intents')
        ? route.startsWith('POST')
          ? 'error-after'
          : 'error-before'
        : undefined;
    const { id: payment } = await test.pay(partner, id);
    await test.settled(partner, payment, 'unknown');
    await expect(test.pay(partner, id)).rejects.toMatchObject({
      code: 'BILLING.PAYMENT_OPEN',
      details: { payment_id: payment, status: 'unknown' },
    });
    await expect(
      test.database.transaction((tx) => test.invoices.void(tx, partner, id, new Date())),
    ).rejects.toThrow(refusal('INVOICE_NOT_VOIDABLE'));
    expect(charges(id)).toHaveLength(1);
    test.stripe.faultOf = () => undefined;
    await test.settled(partner, payment, 'succeeded');
    expect(charges(id)).toHaveLength(1);
  });

  it('that wait for the payer go on at the bank, and the same one is returned meanwhile', async () => {
    const partner = newId('partner');
    await test.card(partner, ASKS);
    const id = await test.invoice(partner);
    const { id: payment } = await test.pay(partner, id);
    const waiting = await test.settled(partner, payment, 'requires_action');
    expect(waiting.action_url).toMatch(/^http:/);
    expect((await test.pay(partner, id)).id).toBe(payment);
    await fetch(waiting.action_url ?? '', {
      ...{ method: 'POST', body: new URLSearchParams({ decision: 'confirm' }), redirect: 'manual' },
    });
    expect((await test.settled(partner, payment, 'succeeded')).action_url).toBeNull();
    expect(charges(id)).toHaveLength(1);
  });

  it('are the same, however often and in whatever order their events come', async () => {
    const partners = Array.from({ length: 6 }, () => newId('partner'));
    test.stripe.sendWebhooks({
      ...{ url: test.webhookUrl, times: () => 3 },
      delayMs: () => Math.floor(Math.random() * 300),
    });
    const payments: [string, string, string][] = [];
    for (const [n, partner] of partners.entries()) {
      await test.card(partner, n % 2 ? SLOW : OK);
      const id = await test.invoice(partner);
      payments.push([partner, id, (await test.pay(partner, id)).id]);
    }
    for (const [n, [partner, , payment]] of payments.entries())
      if (n % 2) {
        await test.settled(partner, payment, 'processing');
        const [found] = await test.billing.query<{ provider_id: string }>(
          'select provider_id from payment_attempts where id = $1',
          [payment],
        );
        test.stripe.bank.decide(found?.provider_id ?? '', 'succeeds');
      }
    for (const [partner, id, payment] of payments) {
      await test.settled(partner, payment, 'succeeded');
      expect(charges(id)).toHaveLength(1);
    }
    // Every event of the whole test again, the oldest last.
    for (const { body } of test.stripe.webhooks.events.toReversed())
      expect(await test.stripe.webhooks.send(body)).toBe(200);
    for (const [partner, id, payment] of payments) {
      await test.settled(partner, payment, 'succeeded');
      expect(await test.balance(partner)).toMatchObject({ cash: BigInt(DUE) });
      expect(charges(id)).toHaveLength(1);
    }
  });

  it('are not touched by an event with a signature of somebody else', async () => {
    const response = await fetch(test.webhookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': 't=1,v1=00' },
      body: '{"id":"evt_forged","object":"event","type":"payment_intent.succeeded","data":{"object":{}}}',
    });
    expect(response.status).toBe(400);
    expect(await test.billing.query(`select 1 from provider_events where id = 'evt_forged'`)).toEqual([]);
  });

  it('are made by themselves when an invoice is finalized, by event', async () => {
    const partner = newId('partner');
    await test.card(partner, OK);
    const id = await test.invoice(partner);
    const finalized = { invoice_id: id, partner_id: partner, total: DUE, currency: 'EUR', due_on: null };
    await test.database.transaction(async (tx) =>
      tx.emit(invoiceFinalized, finalized, { partnerId: partner }),
    );
    await eventually(async () => expect((await test.invoices.get(partner, id)).paymentStatus).toBe('paid'));
    expect(charges(id)).toHaveLength(1);
    expect(await events(id)).toContain('event.billing.payment.succeeded');
  });

  it('by bank transfer may be a part or too much, and are recorded once', async () => {
    const partner = newId('partner');
    const id = await test.invoice(partner);
    const record = (amount: number, reference: string, more: object = {}) =>
      test.gateway.request(recordTransfer, { id, amount, currency: 'EUR', reference, ...more }, asAdmin());
    await record(1000, 'E2E-1');
    await expect(record(1000, 'E2E-1')).rejects.toThrow(refusal('TRANSFER_RECORDED'));
    await expect(record(1, 'E2E-9', { currency: 'JPY' })).rejects.toThrow(refusal('INVOICE_NOT_PAYABLE'));
    expect(await left(partner, id)).toBe(DUE - 1000);
    expect((await test.invoices.get(partner, id)).paymentStatus).toBe('unpaid');
    await record(DUE, 'E2E-2');
    expect(await left(partner, id)).toBe(-1000);
    expect((await test.invoices.get(partner, id)).paymentStatus).toBe('paid');
    expect(await test.balance(partner)).toMatchObject({ cash: BigInt(DUE + 1000), receivable: -1000n });
    await expect(
      test.gateway.request(
        recordTransfer,
        { id, amount: 1, currency: 'EUR', reference: 'x' },
        keyed(partner),
      ),
    ).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('of a part by transfer leave the rest for the card', async () => {
    const partner = newId('partner');
    await test.card(partner, OK);
    const id = await test.invoice(partner);
    await test.gateway.request(
      recordTransfer,
      { id, amount: 1000, currency: 'EUR', reference: 'A' },
      asAdmin(),
    );
    const { id: payment, amount } = await test.pay(partner, id);
    expect(amount).toBe(DUE - 1000);
    await test.settled(partner, payment, 'succeeded');
    expect((await test.invoices.get(partner, id)).paymentStatus).toBe('paid');
  });

  it('are refunded after a credit note, up to it, and once', async () => {
    const partner = newId('partner');
    await test.card(partner, OK);
    const id = await test.invoice(partner);
    const { id: payment } = await test.pay(partner, id);
    await test.settled(partner, payment, 'succeeded');
    const refund = (amount: number) =>
      test.gateway.request(refundPayment, { id: payment, amount }, asAdmin());
    await expect(refund(1)).rejects.toThrow(refusal('PAYMENT_NOT_REFUNDABLE'));
    const { document } = await test.invoices.get(partner, id);
    await test.database.transaction(async (tx) => {
      const note = { ...document, type: 'credit_note' as const };
      const noteId = await test.invoices.createDraft(tx, partner, note, id);
      await test.invoices.finalize(tx, partner, noteId, new Date());
    });
    await expect(refund(DUE + 1)).rejects.toThrow(refusal('PAYMENT_NOT_REFUNDABLE'));
    // The first requests are lost after the money has moved.
    test.stripe.sendWebhooks(null);
    let fails = 2;
    test.stripe.faultOf = ({ route }) => (route === 'POST /v1/refunds' && fails-- > 0 ? 'drop' : undefined);
    const { id: refunded } = await refund(DUE);
    await test.settled(partner, refunded, 'succeeded');
    await expect(refund(1)).rejects.toThrow(refusal('PAYMENT_NOT_REFUNDABLE'));
    expect(test.stripe.bank.entries.filter(({ metadata }) => metadata.attempt_id === refunded)).toHaveLength(
      1,
    );
    expect(await test.balance(partner)).toEqual({});
    expect((await test.invoices.get(partner, id)).paymentStatus).toBe('refunded');
  });

  it('that fail say why, and the next one may use another method', async () => {
    const partner = newId('partner');
    await test.card(partner, POOR);
    const id = await test.invoice(partner);
    const { id: first } = await test.pay(partner, id);
    const failed = await test.settled(partner, first, 'failed');
    expect(failed.failure).toEqual({
      code: 'insufficient_funds',
      message: 'The account has not enough money.',
    });
    await test.card(partner, OK);
    const { data } = await test.gateway.request(listPaymentMethods, {}, accountant(partner));
    expect(data.map(({ last4, is_default }) => [last4, is_default])).toEqual([
      ['4242', false],
      ['9995', true],
    ]);
    const good = data[0]?.id ?? '';
    const chosen = { id, payment_method_id: good };
    const { id: second } = await test.gateway.request(payInvoice, chosen, keyed(partner));
    await test.settled(partner, second, 'succeeded');
    await test.gateway.request(setDefaultPaymentMethod, { id: good }, accountant(partner));
    await test.gateway.request(removePaymentMethod, { id: good }, accountant(partner));
    const rest = await test.gateway.request(listPaymentMethods, {}, accountant(partner));
    expect(rest.data).toEqual([expect.objectContaining({ last4: '9995', is_default: true })]);
    await expect(
      test.gateway.request(removePaymentMethod, { id: good }, accountant(partner)),
    ).rejects.toThrow(refusal('PAYMENT_METHOD_NOT_FOUND'));
    await expect(
      test.gateway.request(setDefaultPaymentMethod, { id: data[1]?.id ?? '' }, accountant(newId('partner'))),
    ).rejects.toThrow(refusal('PAYMENT_METHOD_NOT_FOUND'));
  });

  it('need a method', async () => {
    const partner = newId('partner');
    await expect(test.pay(partner, await test.invoice(partner))).rejects.toThrow(
      refusal('PAYMENT_METHOD_NEEDED'),
    );
  });

  it('cannot be undone in the database, and cannot succeed without the ledger or fail without dunning', async () => {
    const partner = newId('partner');
    await test.card(partner, OK);
    const id = await test.invoice(partner);
    const { id: payment } = await test.pay(partner, id);
    await test.settled(partner, payment, 'succeeded');
    const run = (sql: string, values: unknown[]) =>
      test.database.transaction((tx) => tx.manager.query(sql, values) as Promise<unknown>);
    await expect(run('delete from payment_attempts where id = $1', [payment])).rejects.toThrow('is kept');
    await expect(
      run(`update payment_attempts set state = 'failed' where id = $1`, [payment]),
    ).rejects.toThrow('is settled');
    await expect(run('update payment_attempts set amount = 1 where id = $1', [payment])).rejects.toThrow(
      'is settled',
    );
    const plant = (state: string) =>
      run(
        `insert into payment_attempts (id, partner_id, invoice_id, kind, state, amount, currency, provider, method_id, created_at, submitted_at, settled_at)
         select $1, $2, $3, 'charge', $4, 1, 'EUR', 'stripe', id, now(), now(), now() from payment_methods where partner_id = $2`,
        [newId('payment'), partner, other, state],
      );
    const other = await test.invoice(partner);
    await expect(plant('succeeded')).rejects.toThrow('is not in the ledger');
    await expect(plant('failed')).rejects.toThrow('has failed without dunning');
  });
});
