import { newId } from '@gridworks/contracts';
import { eventually, recordHealing } from '@gridworks/testing';
import { type StripeFault, StripeServer, signWebhook } from '@gridworks/testing/stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { money } from '../../money/money.ts';
import type { ChargeOrder } from './payment-provider.ts';
import { StripeProvider } from './stripe-provider.ts';

const RETURN = 'https://portal.example/billing';

describe('Stripe', () => {
  let stripe: StripeServer;
  let provider: StripeProvider;
  let customerId: string;
  beforeAll(async () => {
    stripe = await StripeServer.start();
  });
  beforeEach(async () => {
    stripe.faultOf = () => undefined;
    const { secretKey, webhookSecret, url } = stripe;
    // A new one each time: a breaker that a fault has opened is no matter of the next test.
    provider = new StripeProvider({
      ...{ secretKey, webhookSecret, apiBase: url, attemptMs: 1000, environment: recordHealing().healing },
    });
    customerId = await provider.createCustomer(newId('partner'));
  });
  afterAll(() => stripe?.stop());

  const order = (card: string, more: Partial<ChargeOrder> = {}): ChargeOrder => ({
    ...{ attemptId: newId('payment'), invoiceId: newId('invoice'), partnerId: newId('partner'), customerId },
    ...{ methodId: stripe.bank.addCard(customerId, card).id, amount: money(1180, 'EUR') },
    ...{ description: 'Invoice GW-2026-000042', isPayerPresent: false, returnUrl: RETURN, ...more },
  });
  const charges = ({ attemptId }: ChargeOrder) => stripe.chargesOf('attempt_id', attemptId);
  const failOnce = (fault: StripeFault) => {
    let failed = false;
    stripe.faultOf = ({ route }) => {
      if (failed || route !== 'POST /v1/payment_intents') return undefined;
      failed = true;
      return fault;
    };
  };

  it('charges once, however often an attempt is sent', async () => {
    const one = order('4242424242424242');
    const readings = [];
    for (let n = 0; n < 3; n++) readings.push(await provider.charge(one));
    expect(new Set(readings.map(({ providerId }) => providerId)).size).toBe(1);
    expect(readings[0]).toMatchObject({ state: 'succeeded' });
    expect(charges(one)).toEqual([expect.objectContaining({ amount: 1180, currency: 'eur' })]);
  });

  it.each([
    ['ISK', 10_000n],
    ['MGA', 10_000n],
    ['KWD', 1235n],
  ])('does not charge %s, which Stripe would count otherwise', async (currency, minor) => {
    const one = order('4242424242424242', { amount: money(minor, currency) });
    expect(await provider.charge(one)).toMatchObject({ state: 'failed', code: 'currency_not_supported' });
    expect(charges(one)).toEqual([]);
  });

  it.each([
    ['4000000000000341', 'generic_decline'],
    ['4000000000009995', 'insufficient_funds'],
    ['4000000000009979', 'stolen_card'],
    ['4000002760003184', 'authentication_required'],
  ])('states why card %s is declined', async (card, code) => {
    const one = order(card);
    expect(await provider.charge(one)).toEqual({ state: 'failed', code, providerId: expect.any(String) });
    expect(charges(one)).toEqual([]);
  });

  it('sends a payer who is there to the bank, and reads what the payer did', async () => {
    for (const [decision, end] of [
      ['confirm', { state: 'succeeded' }],
      ['refuse', { state: 'failed', code: 'authentication_required' }],
    ] as const) {
      const one = order('4000002760003184', { isPayerPresent: true });
      const reading = await provider.charge(one);
      if (reading.state !== 'requires_action') throw new Error(`it is ${reading.state}`);
      const { actionUrl, providerId } = reading;
      const clicked = await fetch(actionUrl, {
        ...{ method: 'POST', body: new URLSearchParams({ decision }), redirect: 'manual' },
      });
      expect(clicked.headers.get('location')).toBe(RETURN);
      expect(await provider.findCharge({ ...one, paymentId: providerId })).toMatchObject(end);
      expect(charges(one)).toHaveLength(decision === 'confirm' ? 1 : 0);
    }
  });

  it('refuses what it does not understand, as a failure', async () => {
    const one = order('4242424242424242', { methodId: 'pm_gone' });
    expect(await provider.charge(one)).toMatchObject({ state: 'failed', code: 'resource_missing' });
  });

  it.each<[StripeFault]>([['drop'], ['lose'], [1500]])(
    'repeats a charge after %p with the same key',
    async (fault) => {
      failOnce(fault);
      const one = order('4242424242424242');
      // Where the first request still runs, its repeats get 409, and nobody knows yet.
      expect(await eventually(() => provider.charge(one))).toMatchObject({ state: 'succeeded' });
      expect(charges(one)).toHaveLength(1);
    },
  );

  it.each<[StripeFault, number]>([
    ['error-after', 1],
    ['error-before', 0],
  ])('does not know the outcome after %s, until it reads it', async (fault, count) => {
    stripe.faultOf = ({ route }) => (route === 'POST /v1/payment_intents' ? fault : undefined);
    const one = order('4242424242424242');
    await expect(provider.charge(one)).rejects.toMatchObject({ code: 'BILLING.PROVIDER_UNAVAILABLE' });
    const found = await provider.findCharge({ ...one, paymentId: null });
    if (count === 1) expect(found).toMatchObject({ state: 'succeeded' });
    else expect(found).toBeNull();
    expect(charges(one)).toHaveLength(count);
  });

  it('does not take a wrong secret key for a refusal', async () => {
    const { webhookSecret, url } = stripe;
    const other = new StripeProvider({
      secretKey: 'sk_test_wrong',
      webhookSecret,
      apiBase: url,
      environment: recordHealing().healing,
    });
    await expect(other.charge(order('4242424242424242'))).rejects.toMatchObject({
      code: 'BILLING.PROVIDER_UNAVAILABLE',
    });
  });

  it('cancels a charge that waits, and reads one that has succeeded meanwhile', async () => {
    const waiting = await provider.charge(order('4000002760003184', { isPayerPresent: true }));
    expect(await provider.cancelCharge(waiting.providerId ?? '')).toMatchObject({ state: 'failed' });
    const late = await provider.charge(order('4000002760003184', { isPayerPresent: true }));
    stripe.bank.decide(late.providerId ?? '', 'succeeds');
    expect(await provider.cancelCharge(late.providerId ?? '')).toMatchObject({ state: 'succeeded' });
  });

  it('refunds once, and no more than was paid', async () => {
    const { providerId } = await provider.charge(order('4242424242424242'));
    const refund = { attemptId: newId('payment'), paymentId: providerId ?? '', amount: money(1000, 'EUR') };
    expect(await provider.refund(refund)).toEqual(await provider.refund(refund));
    expect(await provider.findRefund(refund)).toMatchObject({ state: 'succeeded' });
    expect(await provider.refund({ ...refund, attemptId: newId('payment') })).toMatchObject({
      state: 'failed',
    });
    expect(stripe.bank.entries.filter(({ paymentIntent }) => paymentIntent === providerId)).toHaveLength(2);
  });

  it('adds a payment method on a page of Stripe, and removes it', async () => {
    const page = await provider.setupPage(customerId, RETURN);
    const saved = await fetch(page, {
      ...{ method: 'POST', body: new URLSearchParams({ card: '4242424242424242' }), redirect: 'manual' },
    });
    expect(saved.headers.get('location')).toBe(RETURN);
    const [method, ...others] = await provider.methods(customerId);
    expect(method).toMatchObject({
      kind: 'card',
      brand: 'visa',
      last4: '4242',
      expiresOn: { month: 12, year: 2034 },
    });
    expect(others).toEqual([]);
    await provider.detach(method?.id ?? '');
    await provider.detach(method?.id ?? '');
    expect(await provider.methods(customerId)).toEqual([]);
  });

  it('makes one customer of a partner', async () => {
    const partner = newId('partner');
    const ids = [await provider.createCustomer(partner), await provider.createCustomer(partner)];
    expect(ids[0]).toBe(ids[1]);
  });

  describe('a webhook', () => {
    const signed = (body: string, at?: number) => signWebhook(body, stripe.webhookSecret, at);
    const event = async () => {
      const one = order('4242424242424242');
      await provider.charge(one);
      return { one, body: stripe.webhooks.events.at(-1)?.body ?? '' };
    };

    it('is read when its signature is over its bytes', async () => {
      const { one, body } = await event();
      expect(provider.parseEvent(Buffer.from(body), signed(body))).toEqual({
        ...{ id: expect.stringMatching(/^evt_/), type: 'payment_intent.succeeded', about: 'charge' },
        ...{ attemptId: one.attemptId, customerId },
      });
    });

    it('is refused when one byte, the time or the secret is another', async () => {
      const { body } = await event();
      const now = Math.floor(Date.now() / 1000);
      const printedAgain = JSON.stringify(JSON.parse(body));
      for (const [bytes, signature] of [
        [printedAgain, signed(body)],
        [body.replace('1180', '1181'), signed(body)],
        [body, signed(body, now - 301)],
        [body, signWebhook(body, 'whsec_other')],
        [body, signed(body).replace(/v1=/, 'v0=')],
        [body, ''],
        ['{}', 't=1'],
      ] as const)
        expect(() => provider.parseEvent(Buffer.from(bytes), signature)).toThrow(
          expect.objectContaining({ code: 'BILLING.WEBHOOK_REFUSED', kind: 'invalid_input' }),
        );
    });
  });
});
