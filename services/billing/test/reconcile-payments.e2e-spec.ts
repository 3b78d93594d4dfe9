import { getReconciliation, newId } from '@gridworks/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NightlyReconciliation } from '../src/reconciliation/nightly-reconciliation.ts';
import { Reconcile } from '../src/reconciliation/reconcile.ts';
import { PaymentsUnderTest } from './payments-under-test.ts';

const OK = '4242424242424242';

describe('the reconciliation of payments', () => {
  let test: PaymentsUnderTest;
  let payment: { readonly id: string; readonly amount: number };
  beforeAll(async () => {
    test = await PaymentsUnderTest.start();
    const partner = newId('partner');
    await test.card(partner, OK);
    const invoice = await test.invoice(partner);
    payment = await test.pay(partner, invoice);
    await test.settled(partner, payment.id, 'succeeded');
  });
  afterAll(() => test?.stop());

  const compare = () => test.instance.module.get(Reconcile).run(new Date());
  const whats = async () => (await compare()).differences.map(({ id, what }) => `${id}: ${what}`);
  const alter = (table: string, change: string) =>
    test.billing.query(
      `alter table ${table} disable trigger user; update ${table} set ${change}; alter table ${table} enable trigger user`,
    );

  it('asks the provider for each payment, and finds that all agree', async () => {
    expect(await compare()).toMatchObject({ payments: 1, differences: [] });
  });

  it('names a payment of which ledger and provider say something else', async () => {
    const sum = `${payment.amount} EUR`;
    await alter('payment_attempts', `state = 'failed'`);
    expect(await whats()).toEqual([
      `${payment.id}: charge of ${sum} is failed, and the ledger has ${payment.amount}`,
      expect.stringContaining(`payment_received of ${payment.id}, which is no payment that has succeeded`),
      expect.stringMatching(
        new RegExp(
          `^${payment.id}: stripe says that the charge pi_\\w+ is succeeded, and it is stored as failed$`,
        ),
      ),
    ]);
    await alter('payment_attempts', `state = 'succeeded'`);
    expect(await whats()).toEqual([]);
  });

  it('names a payment without its posting', async () => {
    await alter('ledger_transactions', `reference = 'x' || reference where kind = 'payment_received'`);
    expect(await whats()).toEqual([
      `${payment.id}: charge of ${payment.amount} EUR is succeeded, and the ledger has nothing`,
      expect.stringContaining(`payment_received of x${payment.id}, which is no payment that has succeeded`),
    ]);
    await alter('ledger_transactions', `reference = substr(reference, 2) where kind = 'payment_received'`);
    expect(await whats()).toEqual([]);
  });

  it('says that it did not end while the provider is silent', async () => {
    test.stripe.faultOf = () => 'lose';
    const nightly = test.instance.module.get(NightlyReconciliation);
    await nightly.run(new Date(Date.now() + 30 * 3_600_000));
    const monitor = await test.billing.connect('monitor');
    expect(await monitor.request(getReconciliation, {})).toMatchObject({
      differences: 0,
      error: expect.any(String),
    });
    test.stripe.faultOf = () => undefined;
    await nightly.run(new Date(Date.now() + 60 * 3_600_000));
    expect(await monitor.request(getReconciliation, {})).toMatchObject({ differences: 0, error: null });
  });
});
