import type { InstanceUnderTest, ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BilledPartners, publishTestPlans } from './billed-partner.ts';
import { startBilling } from './billing-under-test.ts';

interface Line {
  readonly description: string;
  readonly quantity: string;
  readonly amount: string;
}

/** Years from now, so that the instance's own loop finds nothing due. */
describe('the billing run', () => {
  let billing: ServiceUnderTest;
  let instance: InstanceUnderTest;
  let partners: BilledPartners;
  let second: BilledPartners;
  beforeAll(async () => {
    billing = await startBilling();
    instance = await billing.startInstance('billing');
    partners = new BilledPartners(instance);
    await partners.database.whenReady();
    await publishTestPlans(billing);
    second = new BilledPartners(await billing.startInstance('billing-2'));
    await second.database.whenReady();
  });
  afterAll(() => billing.stop());

  const invoicesOf = (partner: string) =>
    billing.query<{
      number: string;
      total: string;
      document: { lines: Line[]; period: object; issuedOn: string };
    }>(
      `select series || '-' || number as number, total, document from invoices where partner_id = $1 order by finalized_at, id`,
      [partner],
    );
  const linesOf = async (partner: string) =>
    (await invoicesOf(partner)).map(({ document }) =>
      document.lines.map(({ description, quantity, amount }) => `${description}: ${quantity}, ${amount}`),
    );
  /** `count` calls, a second apart. */
  const from = (first: string, count: number) =>
    Array.from({ length: count }, (_, n) => new Date(Date.parse(first) + n * 1000).toISOString());

  it('charges the calls of the month that ended and the fee of the one that begins, once', async () => {
    const partner = await partners.register('2030-01-01T00:00:00Z');
    await partners.change(partner, 'meter', '2030-01-15T12:00:00Z');
    await partners.run('2030-01-15T12:00:00Z');
    expect(await linesOf(partner)).toEqual([['Plan Meter, 15 Jan – 15 Feb 2030: 1, 1000']]);
    // Twenty-five live calls within, of which ten are included; test calls and those before and after do not count.
    await partners.call(partner, [...from('2030-01-15T12:00:00Z', 12), ...from('2030-02-15T11:59:47Z', 13)]);
    await partners.call(partner, [...from('2030-01-15T11:59:00Z', 5), ...from('2030-02-15T12:00:00Z', 7)]);
    await partners.call(partner, from('2030-02-01T00:00:00Z', 50), 'test');
    expect((await partners.run('2030-02-15T11:59:59Z')).invoices).toEqual([]);
    const { invoices } = await partners.run('2030-02-15T12:00:00Z');
    expect(invoices).toHaveLength(1);
    expect((await linesOf(partner))[1]).toEqual([
      'API calls above the included 10, 15 Jan – 15 Feb 2030: 15, 30',
      'Plan Meter, 15 Feb – 15 Mar 2030: 1, 1000',
    ]);
    // 18 % of GST, since seller and buyer are in Karnataka.
    expect((await invoicesOf(partner))[1]).toMatchObject({
      ...{
        total: '1216',
        document: { issuedOn: '2030-02-15', period: { from: '2030-01-15', to: '2030-03-15' } },
      },
    });
    expect((await partners.run('2030-02-16T00:00:00Z')).invoices).toEqual([]);
    expect(await partners.balances(partner)).toMatchObject([
      { account: 'receivable', amount: 1180n + 1216n },
      { account: 'revenue', amount: -2030n },
      { account: 'tax_payable', amount: -366n },
    ]);
    const told = await billing.query<{ event: { data: object } }>(
      `select event from outbox where subject = 'event.billing.invoice.finalized' and event::text like $1`,
      [`%${invoices[0]}%`],
    );
    expect(told.map(({ event }) => event.data)).toEqual([
      { invoice_id: invoices[0], partner_id: partner, total: 1216, currency: 'EUR', due_on: '2030-03-01' },
    ]);
  });

  it('makes no invoice of nothing', async () => {
    const partner = await partners.register('2031-01-01T00:00:00Z');
    await partners.call(partner, from('2031-01-10T00:00:00Z', 30));
    await partners.run('2031-04-02T00:00:00Z');
    expect(await invoicesOf(partner)).toEqual([]);
    const counted = await billing.query(
      'select quantity::int from billed_usage where partner_id = $1 order by period_starts_at',
      [partner],
    );
    expect(counted).toEqual([{ quantity: 30 }]);
  });

  it('counts a month by the clock of the partner', async () => {
    const partner = await partners.register('2032-01-01T00:00:00Z', { time_zone: 'Asia/Kolkata' });
    await partners.change(partner, 'meter', '2032-01-31T18:30:00Z'); // 1 February 00:00 in India
    await partners.call(partner, from('2032-01-31T18:29:50Z', 10)); // January there
    await partners.call(partner, from('2032-01-31T18:30:00Z', 10));
    await partners.call(partner, from('2032-02-10T00:00:00Z', 10));
    await partners.call(partner, from('2032-02-29T18:29:50Z', 20)); // ten in February, ten in March
    await partners.run('2032-02-29T18:30:00Z');
    expect((await linesOf(partner)).flat()).toContain(
      'API calls above the included 10, 1–29 Feb 2032: 20, 40',
    );
  });

  it('puts calls that arrive after their invoice on the next one, as if they had been there', async () => {
    const partner = await partners.register('2033-01-01T00:00:00Z');
    await partners.change(partner, 'meter', '2033-02-01T00:00:00Z');
    await partners.call(partner, from('2033-02-10T00:00:00Z', 8));
    await partners.run('2033-03-01T00:00:00Z');
    await partners.call(partner, from('2033-02-20T00:00:00Z', 5)); // 13 of 10: three too many
    await partners.run('2033-04-01T00:00:00Z');
    expect((await linesOf(partner))[1]).toEqual([
      'Arrived after the invoice of 1–28 Feb 2033: 5 calls: 1, 6',
      'Plan Meter, 1–30 Apr 2033: 1, 1000',
    ]);
    await partners.run('2033-05-01T00:00:00Z');
    expect((await linesOf(partner))[2]).toEqual(['Plan Meter, 1–31 May 2033: 1, 1000']);
    const units = await billing.query(
      'select sum(quantity)::int as units from billed_usage where partner_id = $1',
      [partner],
    );
    expect(units).toEqual([{ units: 13 }]);
  });

  it('catches up several months, and charges each of them', async () => {
    const partner = await partners.register('2034-01-31T00:00:00Z');
    await partners.change(partner, 'meter', '2034-01-31T00:00:00Z');
    await partners.call(partner, [...from('2034-02-27T23:59:55Z', 15), ...from('2034-03-30T23:59:50Z', 20)]);
    await partners.run('2034-04-30T00:00:00Z');
    const [lines] = await linesOf(partner);
    // Five calls in the first month; ten and ten in the second, ten in the third.
    expect(lines).toEqual([
      'Plan Meter, 31 Jan – 27 Feb 2034: 1, 1000',
      'Plan Meter, 28 Feb – 30 Mar 2034: 1, 1000',
      'API calls above the included 10, 28 Feb – 30 Mar 2034: 10, 20',
      'Plan Meter, 31 Mar – 29 Apr 2034: 1, 1000',
      'Plan Meter, 30 Apr – 30 May 2034: 1, 1000',
    ]);
  });

  it('charges the month of a yearly plan by its calls, and its fee once a year', async () => {
    const partner = await partners.register('2035-01-01T00:00:00Z');
    await partners.change(partner, 'yearly', '2035-01-01T00:00:00Z');
    await partners.call(partner, from('2035-02-10T00:00:00Z', 12));
    for (const month of ['01', '02', '03', '04']) await partners.run(`2035-${month}-01T00:00:00Z`);
    expect(await linesOf(partner)).toEqual([
      ['Plan Yearly, 1 Jan – 31 Dec 2035: 1, 10000'],
      ['API calls above the included 10, 1–28 Feb 2035: 2, 4'],
    ]);
    await partners.run('2036-01-01T00:00:00Z');
    expect((await linesOf(partner))[2]).toEqual(['Plan Yearly, 1 Jan – 31 Dec 2036: 1, 10000']);
  });

  it('charges what is missing to the minimum of the charges', async () => {
    const partner = await partners.register('2037-01-01T00:00:00Z');
    await partners.change(partner, 'floor', '2037-01-01T00:00:00Z');
    await partners.call(partner, from('2037-01-10T00:00:00Z', 110));
    await partners.run('2037-02-01T00:00:00Z');
    expect((await linesOf(partner))[0]).toEqual([
      'Plan Floor, 1–31 Jan 2037: 1, 1000',
      'API calls above the included 10, 1–31 Jan 2037: 100, 200',
      'Minimum of plan Floor, 1–31 Jan 2037: 1, 300',
      'Plan Floor, 1–28 Feb 2037: 1, 1000',
    ]);
  });

  it('charges nothing in a trial, which a partner has once', async () => {
    const partner = await partners.register('2038-01-01T00:00:00Z');
    await partners.change(partner, 'tried', '2038-01-10T00:00:00Z');
    await partners.call(partner, from('2038-01-12T00:00:00Z', 50));
    expect(await partners.at(partner, '2038-01-20T00:00:00Z')).toMatchObject({ status: 'trialing' });
    await partners.run('2038-01-24T00:00:00Z');
    expect(await linesOf(partner)).toEqual([['Plan Tried, 24 Jan – 23 Feb 2038: 1, 1000']]);
    await partners.act('cancel', partner, '2038-03-01T00:00:00Z');
    await partners.change(partner, 'tried', '2038-04-01T00:00:00Z');
    expect(await partners.at(partner, '2038-04-01T00:00:00Z')).toMatchObject({ status: 'active' });
  });

  it('waits for a billing profile that lacks something, and loses nothing', async () => {
    const partner = await partners.register('2039-01-01T00:00:00Z');
    await partners.change(partner, 'meter', '2039-01-01T00:00:00Z');
    const [profile] = await billing.query('select * from billing_profiles where partner_id = $1', [partner]);
    await billing.query('delete from billing_profiles where partner_id = $1', [partner]);
    expect(await partners.run('2039-01-02T00:00:00Z')).toMatchObject({ incomplete: [partner], failed: [] });
    await billing.query(
      'insert into billing_profiles select * from jsonb_populate_record(null::billing_profiles, $1)',
      [JSON.stringify(profile)],
    );
    await partners.run('2039-01-03T00:00:00Z');
    expect(await linesOf(partner)).toHaveLength(1);
  });

  it('makes each invoice once, although two instances run at once, again and again', async () => {
    const many: string[] = [];
    for (let n = 0; n < 20; n++) {
      const partner = await partners.register('2040-01-01T00:00:00Z');
      await partners.change(partner, 'meter', '2040-01-01T00:00:00Z');
      await partners.call(partner, from('2040-01-10T00:00:00Z', 11 + n));
      many.push(partner);
    }
    const runs = await Promise.all([
      ...[partners, second, partners, second].map((one) => one.run('2040-02-01T00:00:00Z')),
    ]);
    expect(runs.flatMap(({ failed }) => failed)).toEqual([]);
    // One that another instance was busy with is left to it.
    await partners.run('2040-02-01T00:00:00Z');
    for (const [n, partner] of many.entries()) {
      const charged = (await linesOf(partner)).flat();
      expect(charged.sort()).toEqual(
        [
          `API calls above the included 10, 1–31 Jan 2040: ${1 + n}, ${2 * (1 + n)}`,
          'Plan Meter, 1–31 Jan 2040: 1, 1000',
          'Plan Meter, 1–29 Feb 2040: 1, 1000',
        ].sort(),
      );
    }
    const numbers = await billing.query<{ number: string }>(
      `select number from invoices where series = 'GW-2040' order by number`,
    );
    expect(numbers.map(({ number }) => Number(number))).toEqual(numbers.map((_, n) => n + 1));
  });

  it('goes on with the others when one partner cannot be charged', async () => {
    const [broken, whole] = [
      await partners.register('2041-01-01T00:00:00Z'),
      await partners.register('2041-01-01T00:00:00Z'),
    ];
    for (const partner of [broken, whole]) await partners.change(partner, 'meter', '2041-01-01T00:00:00Z');
    await billing.query(
      `alter table invoices add constraint no_${broken.slice(-6).toLowerCase()} check (partner_id <> '${broken}') not valid`,
    );
    const { failed } = await partners.run('2041-01-01T00:00:00Z');
    expect(failed).toEqual([broken]);
    expect(await invoicesOf(whole)).toHaveLength(1);
    await billing.query(`alter table invoices drop constraint no_${broken.slice(-6).toLowerCase()}`);
  });
});
