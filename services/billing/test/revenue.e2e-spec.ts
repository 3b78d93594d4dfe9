import type { Bus } from '@gridworks/bus';
import {
  getPartnerInvoice,
  getPartnerSubscription,
  getRevenue,
  issueCreditNote,
  listAllInvoices,
  newId,
  type Principal,
  recordTransfer,
} from '@gridworks/contracts';
import { ADMIN, type InstanceUnderTest, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountRepository } from '../src/accounts/account.repository.ts';
import { BilledPartners, publishTestPlans } from './billed-partner.ts';
import { startBilling } from './billing-under-test.ts';

const NOW = new Date().toISOString();
const MONTH = NOW.slice(0, 7);

describe('what GridWorks sees of all partners', () => {
  let billing: ServiceUnderTest;
  let instance: InstanceUnderTest;
  let gateway: Bus;
  let partners: BilledPartners;
  beforeAll(async () => {
    billing = await startBilling();
    instance = await billing.startInstance();
    partners = new BilledPartners(instance);
    await partners.database.whenReady();
    await publishTestPlans(billing);
    gateway = await billing.startGateway();
  });
  afterAll(() => billing.stop());

  const admin: Principal = { ...ADMIN, authenticated_at: new Date().toISOString() };
  const as = { principal: admin };
  const charge = async (plan: 'meter' | 'yearly', profile: object = {}, at = NOW) => {
    const partner = await partners.register(at, profile);
    await partners.change(partner, plan, at);
    await partners.run(at);
    const { data } = await gateway.request(listAllInvoices, { partner }, as);
    return { partner, invoice: data[0] as NonNullable<(typeof data)[0]> };
  };
  /** The sums of all partners in euros, without those of `before`. */
  const euros = async (before: Record<string, number> = {}): Promise<Record<string, number>> => {
    const { currencies } = await gateway.request(getRevenue, { months: 2 }, as);
    const found = currencies.find(({ currency }) => currency === 'EUR');
    const month = found?.months.find((one) => one.month === MONTH);
    const { recurring, paying, open, overdue } = found ?? {};
    const { invoiced, tax, credited, received } = month ?? {};
    const sums = { recurring, paying, open, overdue, invoiced, tax, credited, received };
    return Object.fromEntries(
      Object.entries(sums).map(([name, value = 0]) => [name, value - (before[name] ?? 0)]),
    );
  };

  it('sums up months by the ledger, fees for a month, and what is open', async () => {
    const before = await euros();
    const meter = await charge('meter');
    const yearly = await charge('yearly');
    await charge('meter', { currency: 'INR' });
    expect(meter.invoice).toMatchObject({
      ...{ partner_id: meter.partner, buyer_name: 'Lakshmi Logistics LLP', total: 1180, left: 1180 },
      dunning: null,
    });
    expect(await euros(before)).toEqual({
      // 1,000 a month, and a twelfth of 10,000 a year.
      ...{ recurring: 1833, paying: 2, open: 12_980, overdue: 0 },
      ...{ invoiced: 11_000, tax: 1980, credited: 0, received: 0 },
    });
    const { id } = yearly.invoice;
    await gateway.request(
      recordTransfer,
      { id, amount: 5000, currency: 'EUR', reference: 'E2E-1' },
      { ...as, idempotencyKey: newId('request') },
    );
    const lines = [{ description: 'Given back', amount: 1000 }];
    await gateway.request(
      issueCreditNote,
      { id, reason: 'A part was not used', lines },
      { ...as, idempotencyKey: newId('request') },
    );
    expect(await euros(before)).toMatchObject({
      ...{ open: 12_980 - 5000 - 1180, invoiced: 11_000, tax: 1800, credited: 1000, received: 5000 },
    });

    const found = await gateway.request(getPartnerInvoice, { id }, as);
    expect(found).toMatchObject({ partner_id: yearly.partner, left: 11_800 - 6180, total: 11_800 });
    expect(found.payments).toMatchObject([{ kind: 'transfer', amount: 5000, reference: 'E2E-1' }]);
    const { subscriptions, currencies } = await gateway.request(getRevenue, {}, as);
    const [counted] = await billing.query<{ count: number }>(
      `select count(*)::int as count from subscriptions where status = 'active'`,
    );
    expect(subscriptions.active).toBe(counted?.count);
    expect(currencies.map(({ months }) => months.length)).toEqual([12, 12]);
  });

  it('filters the invoices of all by what is asked of them', async () => {
    const { partner, invoice } = await charge('meter');
    const ids = async (state: 'open' | 'overdue' | 'failing' | 'paid') =>
      (await gateway.request(listAllInvoices, { partner, state }, as)).data.map(({ id }) => id);
    expect(await ids('open')).toEqual([invoice.id]);
    expect(await ids('paid')).toEqual([]);
    expect(await ids('overdue')).toEqual([]);
    await billing.query(
      'insert into dunning_cases (invoice_id, partner_id, started_at, next_at) values ($1, $2, now(), now())',
      [invoice.id, partner],
    );
    expect(await ids('failing')).toEqual([invoice.id]);
    const [failing] = (await gateway.request(listAllInvoices, { state: 'failing' }, as)).data;
    expect(failing?.dunning).toMatchObject({ status: 'open', failure_code: null });
    await gateway.request(
      recordTransfer,
      { id: invoice.id, amount: 1180, currency: 'EUR', reference: 'E2E-2' },
      { ...as, idempotencyKey: newId('request') },
    );
    expect(await ids('paid')).toEqual([invoice.id]);
    expect(await ids('open')).toEqual([]);
    expect(await ids('failing')).toEqual([]);
    const accounts = instance.module.get(AccountRepository);
    await partners.database.transaction((tx) => accounts.open(tx, partner, new Date()));
    const subscription = await gateway.request(getPartnerSubscription, { id: partner }, as);
    expect(subscription).toMatchObject({ status: 'active', plan: { id: 'meter' } });
  });

  it('finds invoices whose day is over', async () => {
    const before = await euros();
    const at = new Date(Date.now() - 20 * 86_400_000).toISOString();
    const { partner, invoice } = await charge('yearly', {}, at);
    const { data } = await gateway.request(listAllInvoices, { partner, state: 'overdue' }, as);
    expect(data.map(({ id }) => id)).toEqual([invoice.id]);
    expect(await euros(before)).toMatchObject({ open: 11_800, overdue: 11_800 });
  });

  it('pages through the invoices of all partners', async () => {
    const seen: string[] = [];
    let starting_after: string | undefined;
    for (;;) {
      const page = await gateway.request(
        listAllInvoices,
        { limit: 2, ...(starting_after ? { starting_after } : {}) },
        as,
      );
      seen.push(...page.data.map(({ id }) => id));
      if (!page.has_more) break;
      starting_after = page.data.at(-1)?.id;
    }
    const rows = await billing.query<{ id: string }>('select id from invoices');
    expect([...seen].sort()).toEqual(rows.map(({ id }) => id).sort());
  });

  it('knows no subscription of an unknown partner', async () => {
    await expect(gateway.request(getPartnerSubscription, { id: newId('partner') }, as)).rejects.toMatchObject(
      { code: 'BILLING.ACCOUNT_NOT_FOUND' },
    );
  });
});
