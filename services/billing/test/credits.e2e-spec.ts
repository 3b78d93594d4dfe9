import type { Bus } from '@gridworks/bus';
import {
  getCredits,
  getInvoice,
  getInvoiceBalance,
  grantCredit,
  issueCreditNote,
  listCreditGrants,
  listCreditMovements,
  listPartnerCreditGrants,
  newId,
  type ParsedInputOf,
  type Principal,
  paymentMailRequested,
  previewInvoice,
  recordTransfer,
  voidCreditGrant,
  voidInvoice,
} from '@gridworks/contracts';
import { ADMIN, type InstanceUnderTest, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreditUpkeep } from '../src/credit-grants/credit-upkeep.ts';
import { CreditRepository } from '../src/credits/credit.repository.ts';
import { accountant } from './accountant.ts';
import { BilledPartners, publishTestPlans } from './billed-partner.ts';
import { startBilling } from './billing-under-test.ts';

type Given = Partial<ParsedInputOf<typeof grantCredit>>;

describe('credits', () => {
  let billing: ServiceUnderTest;
  let instance: InstanceUnderTest;
  let gateway: Bus;
  let partners: BilledPartners;
  let credits: CreditRepository;
  beforeAll(async () => {
    billing = await startBilling();
    instance = await billing.startInstance();
    partners = new BilledPartners(instance);
    await partners.database.whenReady();
    credits = instance.module.get(CreditRepository);
    await publishTestPlans(billing);
    gateway = await billing.startGateway();
  });
  afterAll(() => billing.stop());

  const admin: Principal = { ...ADMIN, authenticated_at: new Date().toISOString() };
  const as = { principal: admin };
  const by = (partner: string) => ({ principal: accountant(partner) });
  /** A partner with the plan `meter`, which costs 1000 and 180 of tax each month; its account is open. */
  const register = async (year: number) => {
    const partner = await partners.register(`${year}-01-01T00:00:00Z`);
    await billing.query('insert into accounts (partner_id, opened_at) values ($1, now())', [partner]);
    await partners.change(partner, 'meter', `${year}-01-01T00:00:00Z`);
    return partner;
  };
  const grant = (id: string, amount: number, more: Given = {}) =>
    gateway.request(
      grantCredit,
      { id, kind: 'promotional', amount, currency: 'EUR', reason: 'Welcome', ...more },
      { ...as, idempotencyKey: crypto.randomUUID() },
    );
  const newest = async (partner: string) => {
    const [row] = await billing.query<{ id: string }>(
      'select id from invoices where partner_id = $1 order by id desc limit 1',
      [partner],
    );
    return gateway.request(getInvoice, { id: row?.id ?? '' }, by(partner));
  };
  const remaining = async (partner: string) => {
    const { data } = await gateway.request(listCreditGrants, { limit: 100 }, by(partner));
    return Object.fromEntries(data.map((one) => [one.reason, one.remaining]));
  };
  const moves = async (partner: string) => {
    const { data } = await gateway.request(listCreditMovements, { limit: 100 }, by(partner));
    return data.map(({ kind, amount }) => [kind, amount]).reverse();
  };
  const differences = async () => (await partners.reconcile()).differences;

  it('are granted by people of GridWorks, once for an idempotency key, with an entry of the partner', async () => {
    const partner = await register(2031);
    const input = {
      id: partner,
      kind: 'promotional' as const,
      amount: 500,
      currency: 'EUR',
      reason: 'Welcome',
    };
    const idempotencyKey = crypto.randomUUID();
    const first = await gateway.request(grantCredit, input, { ...as, idempotencyKey });
    const second = await gateway.request(grantCredit, input, { ...as, idempotencyKey });
    expect(second).toEqual(first);
    expect(first).toMatchObject({ kind: 'promotional', status: 'active', amount: 500, remaining: 500 });
    await grant(partner, 70, { kind: 'prepaid', expires_at: '2099-01-01T00:00:00Z' });
    expect(await gateway.request(getCredits, {}, by(partner))).toEqual({
      object: 'credit_balance',
      balances: [
        {
          ...{ currency: 'EUR', prepaid: 70, promotional: 500, total: 570 },
          next_expiry: { amount: 70, at: '2099-01-01T00:00:00.000Z' },
        },
      ],
    });
    const page = await gateway.request(listPartnerCreditGrants, { id: partner, limit: 1 }, as);
    expect(page).toMatchObject({ has_more: true, data: [{ amount: 70 }] });
    const other = await gateway.request(getCredits, {}, by(newId('partner')));
    expect(other.balances).toEqual([]);
    await expect(grant(newId('partner'), 1)).rejects.toMatchObject({ code: 'BILLING.ACCOUNT_NOT_FOUND' });
    await expect(grant(partner, 1, { expires_at: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({
      code: 'BILLING.CREDIT_EXPIRED',
    });
    await expect(grant(partner, 1, { currency: 'XQQ' })).rejects.toMatchObject({
      code: 'BILLING.UNKNOWN_CURRENCY',
    });
    expect(await differences()).toEqual([]);
  });

  it('are burned by an invoice: what expires first, then promotional, then older ones', async () => {
    const partner = await register(2032);
    await grant(partner, 300, { kind: 'prepaid', reason: 'prepaid' });
    await grant(partner, 200, { reason: 'promotional' });
    await grant(partner, 100, { kind: 'prepaid', expires_at: '2040-01-01T00:00:00Z', reason: 'ends' });
    await grant(partner, 50, { expires_at: '2031-12-31T00:00:00Z', reason: 'ended' });
    await grant(partner, 999, { currency: 'INR', reason: 'rupees' });
    const previewed = await gateway.request(previewInvoice, {}, by(partner));
    expect(previewed.invoice === null || previewed.invoice.credits >= 0).toBe(true);
    await partners.run('2032-01-01T00:00:00Z');
    expect(await newest(partner)).toMatchObject({
      ...{ total: 1180, credits: 600, due: 580, payment_status: 'unpaid' },
    });
    expect(await remaining(partner)).toEqual({
      ...{ prepaid: 0, promotional: 0, ends: 0, ended: 50, rupees: 999 },
    });
    expect((await moves(partner)).slice(5)).toEqual([
      ['burned', -100],
      ['burned', -200],
      ['burned', -300],
    ]);
    const balances = await partners.balances(partner);
    expect(balances).toContainEqual({ account: 'receivable', currency: 'EUR', amount: 580n });
    expect(await differences()).toEqual([]);
  });

  it('pay an invoice as a whole, and come back when it is voided', async () => {
    const partner = await register(2033);
    await grant(partner, 5000, { kind: 'prepaid', reason: 'all', expires_at: '2033-01-03T00:00:00Z' });
    await partners.run('2033-01-01T00:00:00Z');
    const invoice = await newest(partner);
    expect(invoice).toMatchObject({ total: 1180, credits: 1180, due: 0, payment_status: 'paid' });
    await gateway.request(voidInvoice, { id: invoice.id, reason: 'Wrong' }, { ...as, idempotencyKey: 'v1' });
    expect(await remaining(partner)).toEqual({ all: 5000 });
    expect(await moves(partner)).toEqual([
      ['granted', 5000],
      ['burned', -1180],
      ['returned', 1180],
    ]);
    expect(await partners.balances(partner)).toEqual([
      { account: 'cash', currency: 'EUR', amount: 5000n },
      { account: 'prepaid_credits', currency: 'EUR', amount: -5000n },
    ]);
    expect(await differences()).toEqual([]);
    await partners.run('2033-01-01T00:00:00Z');
    expect(await newest(partner)).toMatchObject({ credits: 1180, due: 0 });
    expect(await differences()).toEqual([]);
  });

  it('come back by a credit note before money does, what was burned last first, and never twice', async () => {
    const partner = await register(2037);
    await grant(partner, 500, { reason: 'promotional' });
    await grant(partner, 300, { kind: 'prepaid', reason: 'prepaid' });
    await partners.run('2037-01-01T00:00:00Z');
    const invoice = await newest(partner);
    expect(invoice).toMatchObject({ total: 1180, credits: 800, due: 380 });
    const key = () => ({ ...as, idempotencyKey: crypto.randomUUID() });
    const note = (amount: number) =>
      gateway.request(
        issueCreditNote,
        { id: invoice.id, reason: 'Wrong', lines: [{ description: 'A part', amount }] },
        key(),
      );
    const balance = () => gateway.request(getInvoiceBalance, { id: invoice.id }, by(partner));
    // 118 of 380 that are unpaid: nothing is left with us.
    await note(100);
    expect(await remaining(partner)).toEqual({ promotional: 0, prepaid: 0 });
    const transfer = { amount: 262, currency: 'EUR', reference: 'T1' };
    await gateway.request(recordTransfer, { id: invoice.id, ...transfer }, key());
    expect(await balance()).toMatchObject({ credited: 118, left: 0 });
    await note(300);
    expect(await remaining(partner)).toEqual({ promotional: 54, prepaid: 300 });
    expect(await balance()).toMatchObject({ left: 0 });
    await note(600);
    expect(await remaining(partner)).toEqual({ promotional: 500, prepaid: 300 });
    expect(await balance()).toMatchObject({ left: -262 });
    expect(await differences()).toEqual([]);
  });

  it('are taken back by people of GridWorks as far as something is left', async () => {
    const partner = await register(2034);
    const { id } = await grant(partner, 2000, { reason: 'much' });
    await partners.run('2034-01-01T00:00:00Z');
    const input = { id, reason: 'Wrong partner' };
    const voided = await gateway.request(voidCreditGrant, input, { ...as, idempotencyKey: newId('request') });
    expect(voided).toMatchObject({ status: 'voided', remaining: 0, amount: 2000 });
    await expect(
      gateway.request(voidCreditGrant, input, { ...as, idempotencyKey: newId('request') }),
    ).rejects.toMatchObject({ code: 'BILLING.CREDIT_NOT_VOIDABLE' });
    await expect(
      gateway.request(
        voidCreditGrant,
        { ...input, id: newId('creditGrant') },
        { ...as, idempotencyKey: 'v2' },
      ),
    ).rejects.toMatchObject({ code: 'BILLING.CREDIT_GRANT_NOT_FOUND' });
    expect((await moves(partner)).at(-1)).toEqual(['voided', -820]);
    expect(await differences()).toEqual([]);
  });

  it('end at their moment, and their partner is told 14 days before, once', async () => {
    const upkeep = instance.module.get(CreditUpkeep);
    const partner = await register(2035);
    const expires_at = '2098-01-20T00:00:00.000Z';
    await grant(partner, 4000, { expires_at, reason: 'ends', kind: 'prepaid' });
    await upkeep.run(new Date('2098-01-05T00:00:00Z'));
    await upkeep.run(new Date('2098-01-06T00:00:00Z'));
    await upkeep.run(new Date('2098-01-07T00:00:00Z'));
    const told = await billing.query<{ event: { data: object } }>(
      'select event from outbox where subject = $1 and event::text like $2',
      [paymentMailRequested.subject, `%${partner}%`],
    );
    expect(told.map(({ event }) => event.data)).toMatchObject([
      { mail: 'credit-expiring', words: { amount: '€40.00', date: '2098-01-20' } },
    ]);
    await upkeep.run(new Date('2098-01-19T23:59:59Z'));
    expect(await remaining(partner)).toEqual({ ends: 4000 });
    await Promise.all([1, 2, 3].map(() => upkeep.run(new Date(expires_at))));
    await upkeep.run(new Date('2098-01-20T01:00:00Z'));
    expect(await moves(partner)).toEqual([
      ['granted', 4000],
      ['expired', -4000],
    ]);
    expect(await partners.balances(partner)).toContainEqual({
      ...{ account: 'expired_credits', currency: 'EUR', amount: -4000n },
    });
    expect(await differences()).toEqual([]);
  });

  it('are burned once by two invoices at a time', async () => {
    const partner = await register(2036);
    await grant(partner, 1000, { reason: 'one' });
    const invoices = await Promise.all(
      Array.from({ length: 2 }, () =>
        billing.query<{ id: string }>(
          `insert into invoices (id, partner_id, type, currency, net, tax, total, document, created_at)
           values ($1, $2, 'invoice', 'EUR', 0, 0, 0, '{}', now()) returning id`,
          [newId('invoice'), partner],
        ),
      ),
    );
    const burned = await Promise.allSettled(
      invoices.map(([row]) =>
        partners.database.transaction((tx) =>
          credits.burn(
            tx,
            { id: row?.id ?? '', partnerId: partner, currency: 'EUR', credits: 700n },
            new Date(),
          ),
        ),
      ),
    );
    expect(burned.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await remaining(partner)).toEqual({ one: 300 });
  });

  it('cannot be changed by hand: what is left is the sum of the movements, which are kept', async () => {
    const run = (sql: string) => partners.database.transaction((tx) => tx.manager.query(sql));
    await expect(
      run('update credit_grants set remaining = remaining - 1 where remaining > 0'),
    ).rejects.toThrow(/has \d+ left, and its movements \d+/);
    await expect(run('update credit_grants set amount = amount + 1')).rejects.toThrow('is refused');
    await expect(run('update credit_movements set amount = amount - 1')).rejects.toThrow('is refused');
    await expect(run('delete from credit_movements')).rejects.toThrow('is refused');
    await expect(run('truncate credit_grants cascade')).rejects.toThrow('append-only');
  });

  it('is named by the reconciliation when a movement is not what the ledger or the invoice says', async () => {
    const altered = async (table: string, change: string, undo: string, what: RegExp) => {
      const run = (sql: string) =>
        billing.query(
          `alter table ${table} disable trigger user; ${sql}; alter table ${table} enable trigger user`,
        );
      await run(change);
      const found = await differences();
      await run(undo);
      expect(found.some((one) => what.test(one.what))).toBe(true);
    };
    await altered(
      'credit_movements',
      `update credit_movements set amount = amount - 1 where kind = 'burned' and grant_id = (select min(grant_id) from credit_movements where kind = 'burned')`,
      `update credit_movements set amount = amount + 1 where kind = 'burned' and grant_id = (select min(grant_id) from credit_movements where kind = 'burned')`,
      /shows credits of \d+, and burned \d+/,
    );
    await altered(
      'credit_grants',
      `update credit_grants set remaining = remaining + 1 where id = (select min(id) from credit_grants where kind = 'prepaid' and remaining = 0 and voided_at is null)`,
      `update credit_grants set remaining = remaining - 1 where kind = 'prepaid' and remaining = 1`,
      /prepaid_credits in the ledger are/,
    );
  });
});
