import type { Bus } from '@gridworks/bus';
import {
  entitlementsChanged,
  getEntitlements,
  listLimitOverrides,
  newId,
  type Principal,
  partnerRegistered,
  removeLimitOverride,
  setLimitOverride,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBilling } from './billing-under-test.ts';

const admin: Principal = {
  ...{ kind: 'session', id: newId('session'), partner_id: null, user_id: newId('user') },
  ...{ role: 'platform_admin', mode: null, authenticated_at: new Date().toISOString() },
};

describe('limits of single partners', () => {
  let billing: ServiceUnderTest;
  let gateway: Bus;
  let auth: Bus;
  const changed: string[] = [];
  beforeAll(async () => {
    billing = await startBilling();
    await billing.startInstance();
    gateway = await billing.startGateway();
    auth = await billing.connect('auth');
    gateway.listen(entitlementsChanged, async ({ payload }) => void changed.push(payload.partner_id));
  });
  afterAll(() => billing.stop());

  const register = async () => {
    const partner_id = newId('partner');
    await auth.publish(partnerRegistered, {
      partner_id,
      name: 'Ada',
      registered_at: new Date().toISOString(),
    });
    await eventually(async () =>
      expect(await billing.query('select 1 from accounts where partner_id = $1', [partner_id])).toHaveLength(
        1,
      ),
    );
    return partner_id;
  };
  const entitled = (partner_id: string) => gateway.request(getEntitlements, { partner_id });
  const by = { principal: admin };
  const set = (id: string, quota: number, more: { name?: 'burst' | 'daily'; expires_at?: string } = {}) =>
    gateway.request(setLimitOverride, { id, name: 'burst', quota, reason: 'Load test', ...more }, by);
  const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

  it('are those of the plan, and of an account that is not opened yet those of the first plan', async () => {
    const free = { limits: { burst_per_minute: 60, daily: 1_000 }, overrides: [] };
    expect(await entitled(await register())).toEqual(free);
    expect(await entitled(newId('partner'))).toEqual(free);
  });

  it('are set, replaced and removed, each time with an event and an audit entry of the partner', async () => {
    const partner = await register();
    const first = await set(partner, 600);
    expect(first).toMatchObject({ object: 'limit_override', name: 'burst', quota: 600, in_force: true });
    const second = await set(partner, 700, { expires_at: soon(60_000) });
    expect(second.set_by).toBe(admin.user_id);
    await set(partner, 5_000, { name: 'daily' });
    expect((await entitled(partner)).overrides).toEqual([
      { name: 'burst', quota: 700, expires_at: second.expires_at },
      { name: 'daily', quota: 5_000, expires_at: null },
    ]);
    const removed = await gateway.request(removeLimitOverride, { id: partner, name: 'burst' }, by);
    expect(removed).toEqual({ object: 'limit_override', id: second.id, name: 'burst', deleted: true });
    expect((await entitled(partner)).overrides.map(({ name }) => name)).toEqual(['daily']);
    // The subscription that started with the registration, and the four above.
    await eventually(() => expect(changed.filter((id) => id === partner)).toHaveLength(5));
    const acts = await billing.query<{ payload: Record<string, unknown> }>(
      `select event->'data' as payload from outbox where subject = 'event.billing.act.recorded' and event->'data'->>'partner_id' = $1
       order by sequence`,
      [partner],
    );
    expect(acts.map(({ payload }) => [payload.action, payload.object_id])).toEqual([
      ['limit_override.set', first.id],
      ['limit_override.set', second.id],
      ['limit_override.set', expect.any(String)],
      ['limit_override.removed', second.id],
    ]);
    expect(acts[1]?.payload).toMatchObject({
      before: { quota: 600 },
      after: { quota: 700, reason: 'Load test' },
    });
  });

  it('end by themselves, and stay in the list until they are removed', async () => {
    const partner = await register();
    const { id } = await set(partner, 600, { expires_at: soon(700) });
    expect((await entitled(partner)).overrides).toHaveLength(1);
    await eventually(async () => expect((await entitled(partner)).overrides).toEqual([]));
    await set(partner, 5_000, { name: 'daily' });
    const list = await gateway.request(listLimitOverrides, { id: partner, limit: 1 }, by);
    expect(list).toMatchObject({ url: `/v1/admin/partners/${partner}/limits`, has_more: true });
    const next = { id: partner, limit: 1, starting_after: list.data[0]?.id ?? '' };
    expect((await gateway.request(listLimitOverrides, next, by)).data).toMatchObject([
      { id, in_force: false },
    ]);
  });

  it('are refused for a moment that has passed, for nobody, and when there is nothing to remove', async () => {
    const partner = await register();
    await expect(set(partner, 600, { expires_at: soon(-1000) })).rejects.toMatchObject({
      code: 'BILLING.OVERRIDE_EXPIRED',
    });
    await expect(set(newId('partner'), 600)).rejects.toMatchObject({ code: 'BILLING.ACCOUNT_NOT_FOUND' });
    await expect(
      gateway.request(removeLimitOverride, { id: partner, name: 'daily' }, by),
    ).rejects.toMatchObject({ code: 'BILLING.OVERRIDE_NOT_FOUND' });
    await expect(
      gateway.request(
        setLimitOverride,
        { id: partner, name: 'burst', quota: 600, reason: 'Mine' },
        { principal: { ...admin, role: 'platform_sre' } },
      ),
    ).rejects.toMatchObject({ code: 'PLATFORM.FORBIDDEN' });
  });
});
