import type { Bus } from '@gridworks/bus';
import {
  AppError,
  grantCredit,
  issueCreditNote,
  listCreditGrants,
  newId,
  type Principal,
  recordTransfer,
  voidCreditGrant,
  voidInvoice,
} from '@gridworks/contracts';
import { ADMIN, type InstanceUnderTest, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CreditUpkeep } from '../src/credit-grants/credit-upkeep.ts';
import { accountant } from './accountant.ts';
import { BilledPartners, publishTestPlans } from './billed-partner.ts';
import { startBilling } from './billing-under-test.ts';

describe('the ledger of a partner', () => {
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
  const by = (partner: string) => ({ principal: accountant(partner) });
  /** A partner with the plan `meter`, which costs 1000 and 180 of tax each month; its account is open. */
  const register = async () => {
    const partner = await partners.register('2028-01-01T00:00:00Z');
    await billing.query('insert into accounts (partner_id, opened_at) values ($1, now())', [partner]);
    await partners.change(partner, 'meter', '2028-01-01T00:00:00Z');
    return partner;
  };
  const differences = async () => (await partners.reconcile()).differences;

  it('is balanced after any sequence of invoices, payments, corrections and credits', async () => {
    const step = fc.oneof(
      fc.record({ does: fc.constant('month' as const) }),
      fc.record({
        does: fc.constantFrom('void' as const, 'note' as const, 'pay' as const, 'expire' as const),
      }),
      fc.record({ does: fc.constant('takeBack' as const), pick: fc.nat({ max: 5 }) }),
      fc.record({
        does: fc.constant('grant' as const),
        kind: fc.constantFrom('prepaid' as const, 'promotional' as const),
        amount: fc.integer({ min: 1, max: 3000 }),
        ends: fc.boolean(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const partner = await register();
        let month = 0;
        const moment = () => new Date(Date.UTC(2028, month, 1));
        // A step that the state of the partner does not allow is refused, and changes nothing.
        const allowed = (work: Promise<unknown>) =>
          work.catch((error: unknown) => expect(error).toBeInstanceOf(AppError));
        for (const one of steps) {
          const [invoice] = await billing.query<{ id: string; due: number }>(
            `select id, (document -> 'totals' ->> 'due')::int as due from invoices
             where partner_id = $1 and type = 'invoice' order by id desc limit 1`,
            [partner],
          );
          const key = () => ({ ...as, idempotencyKey: crypto.randomUUID() });
          if (one.does === 'month') {
            await partners.run(moment());
            month += 1;
          } else if (one.does === 'grant') {
            const expires_at = one.ends ? '2097-01-01T00:00:00Z' : null;
            const input = { kind: one.kind, amount: one.amount, currency: 'EUR', expires_at, reason: 'Test' };
            await gateway.request(grantCredit, { id: partner, ...input }, key());
          } else if (one.does === 'expire') {
            await instance.module.get(CreditUpkeep).run(new Date('2097-01-02T00:00:00Z'));
          } else if (one.does === 'takeBack') {
            const { data } = await gateway.request(listCreditGrants, { limit: 100 }, by(partner));
            const picked = data[one.pick % Math.max(1, data.length)];
            if (picked)
              await allowed(gateway.request(voidCreditGrant, { id: picked.id, reason: 'Wrong' }, key()));
          } else if (invoice && one.does === 'void') {
            await allowed(gateway.request(voidInvoice, { id: invoice.id, reason: 'Wrong' }, key()));
          } else if (invoice && one.does === 'note') {
            const lines = [{ description: 'A part', amount: 100 }];
            await allowed(gateway.request(issueCreditNote, { id: invoice.id, reason: 'Late', lines }, key()));
          } else if (invoice && invoice.due > 0) {
            const paid = { amount: invoice.due, currency: 'EUR', reference: newId('request') };
            await allowed(gateway.request(recordTransfer, { id: invoice.id, ...paid }, key()));
          }
        }
        const [sum] = await billing.query<{ off: number }>(
          `select count(*)::int as off from (select transaction_id from ledger_entries where partner_id = $1
           group by transaction_id, currency having sum(amount) <> 0) unbalanced`,
          [partner],
        );
        expect(sum?.off).toBe(0);
        expect(await differences()).toEqual([]);
      }),
      { numRuns: 10 },
    );
  }, 120_000);
});
