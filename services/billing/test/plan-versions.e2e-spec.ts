import type { Bus } from '@gridworks/bus';
import {
  changePlanVersion,
  createPlanVersion,
  getPlanVersion,
  listPlans,
  listPlanVersions,
  newId,
  type Principal,
  partnerRegistered,
  planVersionSchema,
  publishPlanVersion,
  removePlanVersion,
  retirePlanVersion,
} from '@gridworks/contracts';
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

  describe('for admins', () => {
    const admin: Principal = {
      ...{ kind: 'session', id: newId('session'), partner_id: null, user_id: newId('user') },
      ...{ role: 'platform_admin', mode: null, authenticated_at: new Date().toISOString() },
    };
    const by = { principal: admin };
    const team = {
      ...{
        plan: 'team',
        name: 'Team',
        description: 'For a team.',
        interval: 'year' as const,
        trial_days: 14,
      },
      prices: {
        EUR: {
          ...{ recurring_amount: 49_000, minimum_amount: 500 },
          charges: [
            {
              metric: 'calls',
              included: 100_000,
              price: { model: 'per_unit' as const, unit_amount: '0.02' },
            },
          ],
        },
      },
      ...{ limits: { burst_per_minute: 300, daily: 20_000 }, features: ['Support within a day'] },
    };
    const draft = (changes: object = {}) => gateway.request(createPlanVersion, { ...team, ...changes }, by);
    const publishDraft = (id: string) => gateway.request(publishPlanVersion, { id }, by);
    const offered = async () =>
      (await gateway.request(listPlans, {})).data.map(({ id, version }) => `${id} ${version}`);

    it('are drafted, changed, published and retired; the offer follows', async () => {
      const { id, version, status } = await draft();
      expect([version, status]).toEqual([1, 'draft']);
      expect(await offered()).not.toContain('team 1');
      const limits = { burst_per_minute: 400, daily: 30_000 };
      expect(await gateway.request(changePlanVersion, { id, limits }, by)).toMatchObject({
        ...{ name: 'Team', limits },
      });
      const published = await publishDraft(id);
      expect(published).toMatchObject({ status: 'published', published_at: expect.any(String) });
      expect(await offered()).toContain('team 1');
      const second = await draft({ name: 'Team 2' });
      expect(second.version).toBe(2);
      await publishDraft(second.id);
      expect(await offered()).toContain('team 2');
      expect(await offered()).not.toContain('team 1');
      await gateway.request(retirePlanVersion, { id: second.id }, by);
      expect(await offered()).toContain('team 1');
      const list = await gateway.request(listPlanVersions, { plan: 'team', limit: 100 }, by);
      expect(list.data.map((one) => [one.version, one.status])).toEqual([
        [2, 'retired'],
        [1, 'published'],
      ]);
      const all = await gateway.request(listPlanVersions, { limit: 100 }, by);
      expect(all.data.length).toBeGreaterThan(list.data.length);
      const acts = await billing.query<{ action: string }>(
        `select event->'data'->>'action' as action from outbox
         where subject = 'event.billing.act.recorded' and event->'data'->>'object_id' = $1 order by sequence`,
        [id],
      );
      expect(acts.map(({ action }) => action)).toEqual([
        ...['plan_version.created', 'plan_version.changed', 'plan_version.published'],
      ]);
    });

    it('cannot be published with a metric that no product emits, or a currency that nobody uses', async () => {
      const [charge] = team.prices.EUR.charges;
      const sold = { EUR: { ...team.prices.EUR, charges: [{ ...charge!, metric: 'sms' }] } };
      const sms = await draft({ prices: sold });
      await expect(publishDraft(sms.id)).rejects.toMatchObject({
        code: 'BILLING.UNKNOWN_METRIC',
        message: expect.stringContaining('sms'),
      });
      const money = await draft({ prices: { XQQ: team.prices.EUR } });
      await expect(publishDraft(money.id)).rejects.toMatchObject({ code: 'BILLING.UNKNOWN_CURRENCY' });
      expect((await gateway.request(getPlanVersion, { id: sms.id }, by)).status).toBe('draft');
      await gateway.request(removePlanVersion, { id: money.id }, by);
      await expect(gateway.request(getPlanVersion, { id: money.id }, by)).rejects.toMatchObject({
        code: 'BILLING.PLAN_VERSION_NOT_FOUND',
      });
    });

    it('stay as they are once published, and new partners always have a plan', async () => {
      const { id } = await draft();
      await publishDraft(id);
      for (const refused of [
        gateway.request(changePlanVersion, { id, name: 'Other' }, by),
        gateway.request(removePlanVersion, { id }, by),
        publishDraft(id),
      ])
        await expect(refused).rejects.toMatchObject({ code: 'BILLING.PLAN_VERSION_NOT_DRAFT' });
      await gateway.request(retirePlanVersion, { id }, by);
      await expect(gateway.request(retirePlanVersion, { id }, by)).rejects.toMatchObject({
        code: 'BILLING.PLAN_VERSION_NOT_PUBLISHED',
      });
      const { data } = await gateway.request(listPlanVersions, { plan: 'free', limit: 100 }, by);
      const free = data.filter(({ status }) => status === 'published');
      for (const version of free.slice(1)) await gateway.request(retirePlanVersion, { id: version.id }, by);
      await expect(gateway.request(retirePlanVersion, { id: free[0]?.id ?? '' }, by)).rejects.toMatchObject({
        code: 'BILLING.PLAN_NEEDED',
      });
    });

    it('get their numbers one after another, whoever drafts at the same time', async () => {
      const made = await Promise.all(Array.from({ length: 8 }, () => draft({ plan: 'busy' })));
      expect(made.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });
  });
});
