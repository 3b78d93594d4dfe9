import type { Bus } from '@gridworks/bus';
import {
  createApiKey,
  createMembership,
  createSession,
  ensureSyntheticPartner,
  getPartner,
  listAllAudit,
  newId,
  type Principal,
  partnerResumed,
  partnerSuspended,
  resumePartner,
  SYNTHETIC_PARTNER_ID,
  suspendPartner,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { ADMIN, asAdmin, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, PortalUser, startAuth } from './auth-under-test.ts';

const suspended = { code: 'AUTH.PARTNER_SUSPENDED', kind: 'forbidden' };

describe('a suspended partner', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  const told: string[] = [];

  beforeAll(async () => {
    ({ auth } = await startAuth());
    await auth.startInstance();
    gateway = await auth.startGateway();
    gateway.listen(
      partnerSuspended,
      async ({ payload }) => void told.push(`suspended ${payload.partner_id}`),
    );
    gateway.listen(partnerResumed, async ({ payload }) => void told.push(`resumed ${payload.partner_id}`));
    portal = new PortalUser(gateway);
  });
  afterAll(() => auth.stop());

  it('has no valid keys, sessions and log-ins, and has them all back when it is resumed', async () => {
    const { user, partner } = await portal.register();
    const { token } = await portal.logIn(user.email);
    const owner = await portal.verify('session', token);
    const { key } = await gateway.request(createApiKey, {}, { principal: owner });
    const { id } = partner;
    const state = await asAdmin(gateway).request(suspendPartner, { id, reason: 'Unpaid' });
    expect(state).toMatchObject({ id, suspension: { reason: 'Unpaid', suspended_by: ADMIN.user_id } });
    await expect(portal.verify('api_key', key)).rejects.toMatchObject(suspended);
    await expect(portal.verify('session', token)).rejects.toMatchObject(suspended);
    await expect(portal.logIn(user.email, PASSWORD)).rejects.toMatchObject(suspended);
    // Who does not know the password learns nothing.
    await expect(portal.logIn(user.email, 'wrong password')).rejects.toMatchObject({
      code: 'AUTH.LOGIN_REFUSED',
    });
    const again = await asAdmin(gateway).request(suspendPartner, { id, reason: 'Another' });
    expect(again).toEqual(state);
    expect(await asAdmin(gateway).request(getPartner, { id })).toMatchObject({
      suspension: state.suspension,
      api_keys: 1,
    });
    // Another partner is not touched.
    await portal.owner();

    for (const _ of [1, 2])
      expect((await asAdmin(gateway).request(resumePartner, { id, reason: 'Paid' })).suspension).toBeNull();
    expect((await portal.verify('api_key', key)).partner_id).toBe(id);
    expect((await portal.verify('session', token)).user_id).toBe(user.id);
    await eventually(() =>
      expect(told.filter((one) => one.endsWith(id)).sort()).toEqual([`resumed ${id}`, `suspended ${id}`]),
    );
    const admin = { principal: ADMIN };
    await eventually(async () => {
      const { data } = await gateway.request(
        listAllAudit,
        { chain: id, actor: ADMIN.user_id as string },
        admin,
      );
      expect(data.map(({ action, after, before }) => [action, after, before?.reason])).toEqual([
        ['partner.resumed', { reason: 'Paid' }, 'Unpaid'],
        ['partner.suspended', { reason: 'Unpaid' }, undefined],
      ]);
    });
  });

  it('leaves a person of two partners the other one', async () => {
    const { user, partner } = await portal.register();
    const owner = await portal.verify('session', (await portal.logIn(user.email)).token);
    const other = await gateway.request(createMembership, { name: 'The other' }, { principal: owner });
    await asAdmin(gateway).request(suspendPartner, { id: partner.id, reason: 'Unpaid' });
    expect((await portal.logIn(user.email)).partner?.id).toBe(other.partner.id);
    await expect(
      gateway.request(createSession, { email: user.email, password: PASSWORD, partner_id: partner.id }),
    ).rejects.toMatchObject(suspended);
  });

  it('is made by admins only, and never of the synthetic partner or one that does not exist', async () => {
    const owner = await portal.owner();
    const id = owner.partner_id as string;
    const call = (principal: Principal) =>
      gateway.request(suspendPartner, { id, reason: 'x' }, { principal });
    await expect(call(owner)).rejects.toMatchObject({ code: 'PLATFORM.FORBIDDEN' });
    await auth
      .connect('monitor')
      .then((monitor) => monitor.request(ensureSyntheticPartner, { password: PASSWORD.repeat(2) }));
    for (const missing of [SYNTHETIC_PARTNER_ID, newId('partner')])
      for (const contract of [suspendPartner, resumePartner])
        await expect(asAdmin(gateway).request(contract, { id: missing, reason: 'x' })).rejects.toMatchObject({
          code: 'AUTH.PARTNER_NOT_FOUND',
        });
  });
});
