import type { Bus } from '@gridworks/bus';
import { getInvoice, issueCreditNote, newId, type Principal, voidInvoice } from '@gridworks/contracts';
import { ADMIN, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountant } from './accountant.ts';
import { BilledPartners, publishTestPlans } from './billed-partner.ts';
import { startBilling } from './billing-under-test.ts';

describe('an invoice that is wrong', () => {
  let billing: ServiceUnderTest;
  let gateway: Bus;
  let partners: BilledPartners;
  beforeAll(async () => {
    billing = await startBilling();
    partners = new BilledPartners(await billing.startInstance());
    await partners.database.whenReady();
    await publishTestPlans(billing);
    gateway = await billing.startGateway();
  });
  afterAll(() => billing.stop());

  const admin: Principal = { ...ADMIN, authenticated_at: new Date().toISOString() };
  const as = { principal: admin };
  const reason = 'The calls of a test were charged';
  /** A run charges the partners of other tests, too. */
  const newestOf = async (partner: string): Promise<string> => {
    const [row] = await billing.query<{ id: string }>(
      'select id from invoices where partner_id = $1 order by id desc limit 1',
      [partner],
    );
    return row?.id ?? '';
  };
  const charge = async (year: number) => {
    const partner = await partners.register(`${year}-01-01T00:00:00Z`);
    await partners.change(partner, 'meter', `${year}-01-01T00:00:00Z`);
    await partners.run(`${year}-01-01T00:00:00Z`);
    return { partner, id: await newestOf(partner) };
  };
  const differences = async () => (await partners.reconcile()).differences;

  it('is voided, and what it charged goes on the next one', async () => {
    const { partner, id } = await charge(2030);
    const voided = await gateway.request(voidInvoice, { id, reason }, as);
    expect(voided).toMatchObject({ id, status: 'voided', number: 'GW-2030-000001' });
    expect(await partners.balances(partner)).toEqual([]);
    await expect(gateway.request(voidInvoice, { id, reason }, as)).rejects.toMatchObject({
      code: 'BILLING.INVOICE_NOT_VOIDABLE',
    });
    await partners.run('2030-01-02T00:00:00Z');
    const next = await gateway.request(
      getInvoice,
      { id: await newestOf(partner) },
      { principal: accountant(partner) },
    );
    expect(next).toMatchObject({ number: 'GW-2030-000002', net: 1000 });
    expect(await differences()).toEqual([]);
    const [entry] = await billing.query<{ event: { data: object } }>(
      `select event from outbox where event::text like '%invoice.voided%'`,
    );
    expect(entry?.event.data).toMatchObject({
      ...{ action: 'invoice.voided', object_id: id, partner_id: partner },
      after: { reason, number: 'GW-2030-000001' },
    });
  });

  it('is given back in part, then no more than what is left', async () => {
    const { partner, id } = await charge(2031);
    const lines = [{ description: 'Calls that were counted twice', amount: 400 }];
    const note = await gateway.request(issueCreditNote, { id, reason, lines }, as);
    expect(note).toMatchObject({
      ...{ type: 'credit_note', status: 'finalized', corrects: id, net: 400, total: 472, terms: reason },
      tax: {
        components: [
          { name: 'CGST', amount: 36 },
          { name: 'SGST', amount: 36 },
        ],
      },
    });
    expect(await partners.balances(partner)).toMatchObject([
      { account: 'receivable', amount: 1180n - 472n },
      {},
      {},
    ]);
    await expect(gateway.request(issueCreditNote, { id, reason }, as)).rejects.toMatchObject({
      code: 'BILLING.INVOICE_NOT_CORRECTABLE',
    });
    await expect(gateway.request(voidInvoice, { id, reason }, as)).rejects.toMatchObject({
      code: 'BILLING.INVOICE_NOT_VOIDABLE',
    });
    expect(await differences()).toEqual([]);
  });

  it('is given back as a whole', async () => {
    const { partner, id } = await charge(2032);
    expect(await gateway.request(issueCreditNote, { id, reason }, as)).toMatchObject({ total: 1180 });
    expect(await partners.balances(partner)).toEqual([]);
  });

  it('is touched by nobody but admins of GridWorks with a fresh proof', async () => {
    const { partner, id } = await charge(2033);
    const stale = { ...admin, authenticated_at: new Date(Date.now() - 3_600_000).toISOString() };
    await expect(gateway.request(voidInvoice, { id, reason }, { principal: stale })).rejects.toMatchObject({
      code: 'AUTH.STEP_UP_REQUIRED',
    });
    for (const principal of [accountant(partner), { ...admin, role: 'platform_support' as const }])
      await expect(gateway.request(issueCreditNote, { id, reason }, { principal })).rejects.toMatchObject({
        kind: 'forbidden',
      });
    await expect(gateway.request(voidInvoice, { id: newId('invoice'), reason }, as)).rejects.toMatchObject({
      code: 'BILLING.INVOICE_NOT_FOUND',
    });
  });
});
