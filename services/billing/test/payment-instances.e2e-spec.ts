import { newId } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PaymentsUnderTest, SHORT_TIMES } from './payments-under-test.ts';

describe('payments with two instances', () => {
  let test: PaymentsUnderTest;
  beforeAll(async () => {
    // The lease ends while the first instance still waits for the provider.
    test = await PaymentsUnderTest.start({ ...SHORT_TIMES, leaseMs: 100, sendWithinMs: 1000 });
    await test.billing.startInstance('billing-2');
  });
  beforeEach(() => {
    test.stripe.faultOf = () => undefined;
    test.stripe.sendWebhooks({ url: test.webhookUrl });
  });
  afterAll(() => test?.stop());

  it('are charged once, although both work on the same one', async () => {
    const partners = Array.from({ length: 5 }, () => newId('partner'));
    const invoices: string[] = [];
    for (const partner of partners) {
      await test.card(partner, '4242424242424242');
      invoices.push(await test.invoice(partner));
    }
    test.stripe.sendWebhooks(null);
    test.stripe.faultOf = ({ route }) => (route === 'POST /v1/payment_intents' ? 700 : undefined);
    const payments = await Promise.all(
      partners.map((partner, n) => test.pay(partner, invoices[n] as string)),
    );
    for (const [n, partner] of partners.entries())
      await test.settled(partner, payments[n]?.id ?? '', 'succeeded');
    const sent = test.stripe.requests.filter(({ route }) => route === 'POST /v1/payment_intents');
    expect(sent.length).toBeGreaterThan(partners.length);
    for (const id of invoices) expect(test.stripe.chargesOf('invoice_id', id)).toHaveLength(1);
    await eventually(async () =>
      expect(
        await test.billing.query(
          `select count(*)::int as n from ledger_transactions where kind = 'payment_received' and partner_id = any ($1)`,
          [partners],
        ),
      ).toEqual([{ n: partners.length }]),
    );
  });

  it('send nothing after a claim that has become old, as of a process that was frozen', async () => {
    const charged = async (freeze: boolean): Promise<string> => {
      const partner = newId('partner');
      await test.card(partner, '4242424242424242');
      const id = await test.invoice(partner);
      const slept = Promise.withResolvers<void>();
      const began = performance.now();
      let isFrozen = freeze;
      test.onStep = async (step) => {
        if (step !== 'submitted' || !isFrozen) return;
        isFrozen = false;
        await slept.promise;
      };
      const { id: payment } = await test.pay(partner, id);
      await test.settled(partner, payment, 'succeeded');
      // The claim is then older than `sendWithinMs`.
      await eventually(() => performance.now() - began > 1500);
      slept.resolve();
      return payment;
    };
    const payment = await charged(true);
    // The claim that slept has gone on by then.
    await charged(false);
    const sent = test.stripe.requests.filter(
      ({ route, body }) => route === 'POST /v1/payment_intents' && body.includes(payment),
    );
    expect(sent).toHaveLength(1);
    expect(test.stripe.chargesOf('attempt_id', payment)).toHaveLength(1);
  });
});
