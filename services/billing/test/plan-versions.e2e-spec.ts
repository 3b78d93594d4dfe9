import type { Bus } from '@gridworks/bus';
import { listPlans, newId, partnerRegistered, planVersionSchema } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import type { InstanceUnderTest, ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountRepository } from '../src/accounts/account.repository.ts';
import { PlanVersionRepository } from '../src/plans/plan-version.repository.ts';
import { startBilling } from './billing-under-test.ts';

describe('plan versions', () => {
  let billing: ServiceUnderTest;
  let gateway: Bus;
  let instance: InstanceUnderTest;
  beforeAll(async () => {
    billing = await startBilling();
    instance = await billing.startInstance();
    gateway = await billing.startGateway();
  });
  afterAll(() => billing.stop());

  const versions = () => instance.module.get(PlanVersionRepository);
  const publish = (plan: string, version: number) =>
    billing.query(
      `insert into plan_versions (id, plan, version, status, terms, created_at, published_at)
       select $1, plan, $3, 'published', terms, now(), now() from plan_versions where plan = $2 and version = 1`,
      [newId('planVersion'), plan, version],
    );

  it('are the plans that a partner can choose from, cheapest first, with their prices in each currency', async () => {
    const plans = (await gateway.request(listPlans, {})).data;
    expect(plans.map(({ id, version, monthly_price }) => [id, version, monthly_price])).toEqual([
      ['free', 1, 0],
      ['growth', 1, 4_900],
      ['scale', 1, 49_900],
    ]);
    expect(plans[1]).toMatchObject({
      ...{ currency: 'EUR', included_calls: 500_000, unit_price: '0.012', interval: 'month', trial_days: 0 },
      limits: { burst_per_minute: 600, daily: 50_000 },
      prices: {
        EUR: { recurring_amount: 4_900, charges: [{ metric: 'calls', included: 500_000 }] },
        ...{ USD: { recurring_amount: 5_300 }, INR: { recurring_amount: 490_000 } },
      },
    });
  });

  it('are what the contract promises, and never include more calls than their daily limit permits', async () => {
    for (const version of await versions().published()) {
      expect(planVersionSchema.parse(version)).toEqual(version);
      for (const { charges } of Object.values(version.prices))
        for (const { included } of charges) expect(included).toBeLessThanOrEqual(version.limits.daily * 31);
    }
  });

  it('never change once they are published, but may be retired', async () => {
    const growth = await versions().latest('growth');
    for (const statement of [
      `update plan_versions set terms = jsonb_set(terms, '{name}', '"Other"') where plan = 'growth'`,
      `update plan_versions set status = 'draft', published_at = null where plan = 'growth'`,
      `delete from plan_versions where plan = 'growth'`,
    ])
      await expect(billing.query(statement)).rejects.toMatchObject({ code: '42501' });
    expect(await versions().latest('growth')).toEqual(growth);
    await publish('growth', 2);
    await billing.query(
      `update plan_versions set status = 'retired', retired_at = now() where plan = 'growth' and version = 2`,
    );
    expect((await versions().latest('growth'))?.version).toBe(1);
    await expect(
      billing.query(
        `update plan_versions set status = 'published', retired_at = null where plan = 'growth' and version = 2`,
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('stay those of a partner when a newer one is published', async () => {
    const auth = await billing.connect('auth');
    const accounts = instance.module.get(AccountRepository);
    const open = async () => {
      const partner_id = newId('partner');
      await auth.publish(partnerRegistered, {
        partner_id,
        name: 'Ada',
        registered_at: new Date().toISOString(),
      });
      await eventually(async () =>
        expect(
          await billing.query('select 1 from accounts where partner_id = $1', [partner_id]),
        ).toHaveLength(1),
      );
      return partner_id;
    };
    const [old, stranger] = [await open(), newId('partner')];
    await publish('free', 2);
    const later = await open();
    const found = await accounts.planVersions([old, later, stranger]);
    expect([old, later, stranger].map((id) => [found.get(id)?.plan, found.get(id)?.version])).toEqual([
      ['free', 1],
      ['free', 2],
      ['free', 2],
    ]);
    expect((await accounts.planVersion(old)).version).toBe(1);
    expect((await gateway.request(listPlans, {})).data[0]).toMatchObject({ id: 'free', version: 2 });
  });
});
