import type { Bus } from '@gridworks/bus';
import {
  type AuditEntry,
  changePassword,
  createApiKey,
  credentialDigest,
  credentialRevoked,
  endImpersonation,
  getBrowserSession,
  grantSupportAccess,
  type InputOf,
  listApiKeys,
  listAudit,
  listSupportAccess,
  newSessionToken,
  type Principal,
  revokeSupportAccess,
  startImpersonation,
  updateIdentity,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, PortalUser, startAuth } from './auth-under-test.ts';

const forbidden = { code: 'PLATFORM.FORBIDDEN' };
const ADMIN = { AUTH_ADMIN_EMAIL: 'admin@example.com', AUTH_ADMIN_PASSWORD: PASSWORD };

describe('impersonation', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  let admin: Principal;
  const revoked: string[] = [];

  beforeAll(async () => {
    ({ auth } = await startAuth(ADMIN));
    await auth.startInstance();
    gateway = await auth.startGateway();
    gateway.listen(credentialRevoked, async ({ payload }) => void revoked.push(payload.id));
    portal = new PortalUser(gateway);
    admin = await eventually(async () =>
      portal.verify('session', (await portal.logIn(ADMIN.AUTH_ADMIN_EMAIL)).token),
    );
  });
  afterAll(() => auth.stop());

  const grant = (principal: Principal, input: InputOf<typeof grantSupportAccess> = {}) =>
    gateway.request(grantSupportAccess, input, { principal });
  const start = async (partnerId: string, principal = admin) => {
    const token = newSessionToken();
    const input = { partner_id: partnerId, reason: 'Ticket 7', session_digest: credentialDigest(token) };
    const impersonation = await gateway.request(startImpersonation, input, { principal });
    return { impersonation, token, principal: await portal.verify('session', token) };
  };
  const entriesOf = async (principal: Principal): Promise<AuditEntry[]> =>
    (await gateway.request(listAudit, { limit: 100 }, { principal })).data;

  it('needs a grant of the partner, and is then a session of its own that can only read', async () => {
    const owner = await portal.owner();
    const partnerId = owner.partner_id as string;
    await expect(start(partnerId)).rejects.toMatchObject({ code: 'AUTH.NO_SUPPORT_ACCESS' });
    const access = await grant(owner, { hours: 24 });
    expect(access).toMatchObject({ access: 'read', active: true, granted_by: owner.user_id });
    expect(Date.parse(access.expires_at) - Date.parse(access.granted_at)).toBe(24 * 3_600_000);
    await expect(grant(owner, { hours: 25 })).rejects.toMatchObject({ code: 'PLATFORM.INVALID_INPUT' });
    await expect(start(partnerId, owner)).rejects.toMatchObject(forbidden);

    const { impersonation, principal } = await start(partnerId);
    expect(principal).toMatchObject({
      ...{ kind: 'session', id: impersonation.id, partner_id: partnerId, mode: null },
      ...{ user_id: admin.user_id, role: 'owner', impersonator: admin.user_id, access: 'read' },
    });
    expect(Date.parse(impersonation.expires_at)).toBeLessThanOrEqual(Date.now() + 3_600_000);
    expect((await gateway.request(listApiKeys, {}, { principal })).data).toEqual([]);
    expect(await gateway.request(getBrowserSession, {}, { principal })).toMatchObject({
      ...{ role: 'owner', partner: { id: partnerId } },
      impersonation: { access: 'read', reason: 'Ticket 7', expires_at: impersonation.expires_at },
    });
    await expect(gateway.request(createApiKey, {}, { principal })).rejects.toMatchObject(forbidden);

    // The partner sees who, why and every call.
    const [seen] = (await gateway.request(listSupportAccess, {}, { principal: owner })).data;
    expect(seen?.impersonations).toMatchObject([
      { impersonator: admin.user_id, reason: 'Ticket 7', ended_at: null },
    ]);
    await eventually(async () => {
      const entries = await entriesOf(owner);
      const started = entries.find(({ action }) => action === 'impersonation.started');
      expect(started).toMatchObject({
        actor: { id: admin.user_id, role: 'platform_admin' },
        after: { reason: 'Ticket 7', access: 'read', support_access_id: access.id },
      });
      const calls = entries.filter(({ action }) => action === 'impersonation.called');
      expect(calls.map(({ after }) => after?.call)).toContain('GET /v1/api-keys');
      for (const { actor } of calls)
        expect(actor).toMatchObject({ role: 'owner', impersonator: admin.user_id });
    });
  });

  it('with write access changes what support may change, and no credential, password or grant', async () => {
    const owner = await portal.owner();
    await grant(owner);
    await grant(owner, { access: 'write', hours: 1 });
    const { principal } = await start(owner.partner_id as string);
    expect(principal.access).toBe('write');
    const refused: (() => Promise<unknown>)[] = [
      () => gateway.request(createApiKey, {}, { principal }),
      () => gateway.request(updateIdentity, { name: 'X' }, { principal }),
      () => grant(principal),
      () =>
        gateway.request(
          changePassword,
          { old_password: PASSWORD, new_password: `${PASSWORD}!` },
          { principal },
        ),
    ];
    for (const call of refused) await expect(call()).rejects.toMatchObject(forbidden);
  });

  it('ends at once when the partner takes its grant back, and when the impersonator ends it', async () => {
    const owner = await portal.owner();
    const access = await grant(owner);
    const [first, second] = [
      await start(owner.partner_id as string),
      await start(owner.partner_id as string),
    ];
    await gateway.request(endImpersonation, {}, { principal: first.principal });
    await expect(portal.verify('session', first.token)).rejects.toMatchObject({
      code: 'AUTH.CREDENTIAL_REFUSED',
    });
    await portal.verify('session', second.token);

    const stranger = await portal.owner();
    const revoke = (principal: Principal) =>
      gateway.request(revokeSupportAccess, { id: access.id }, { principal });
    await expect(revoke(stranger)).rejects.toMatchObject({ code: 'AUTH.SUPPORT_ACCESS_NOT_FOUND' });
    for (const _ of [1, 2]) expect(await revoke(owner)).toMatchObject({ id: access.id, active: false });
    await expect(portal.verify('session', second.token)).rejects.toMatchObject({
      code: 'AUTH.CREDENTIAL_REFUSED',
    });
    await expect(start(owner.partner_id as string)).rejects.toMatchObject({ code: 'AUTH.NO_SUPPORT_ACCESS' });
    await eventually(() =>
      expect(revoked).toEqual(expect.arrayContaining([first.principal.id, second.principal.id])),
    );
    await eventually(async () => {
      const actions = (await entriesOf(owner)).map(({ action }) => action);
      for (const one of ['impersonation.ended', 'support_access.revoked'] as const)
        expect(actions.filter((action) => action === one)).toHaveLength(1);
    });
    // An own session is no impersonation.
    await expect(gateway.request(endImpersonation, {}, { principal: owner })).rejects.toMatchObject({
      code: 'AUTH.SESSION_NOT_FOUND',
    });
  });

  it('ends by itself with its grant', async () => {
    const owner = await portal.owner();
    const access = await grant(owner, { hours: 1 });
    const { token } = await start(owner.partner_id as string);
    await auth.query(
      `update support_accesses set granted_at = granted_at - interval '2 hours', expires_at = expires_at - interval '2 hours' where id = $1`,
      [access.id],
    );
    await expect(portal.verify('session', token)).rejects.toMatchObject({ code: 'AUTH.CREDENTIAL_REFUSED' });
  });
});
