import type { Bus } from '@gridworks/bus';
import {
  changeMemberRole,
  createApiKey,
  createMembership,
  createRole,
  createSession,
  credentialChanged,
  credentialRevoked,
  deleteRole,
  type InputOf,
  leavePartner,
  listMembers,
  listMemberships,
  listRoles,
  newId,
  type OutputOf,
  type ParsedInputOf,
  type Principal,
  type RequestContract,
  removeMember,
  rotateApiKey,
  transferOwnership,
  updatePartner,
  updateRole,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, PortalUser, startAuth } from './auth-under-test.ts';

describe('the people of a partner', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  const changed: string[] = [];
  const revoked: string[] = [];

  beforeAll(async () => {
    ({ auth } = await startAuth());
    await auth.startInstance();
    gateway = await auth.startGateway();
    gateway.listen(credentialChanged, async ({ payload }) => void changed.push(payload.id));
    gateway.listen(credentialRevoked, async ({ payload }) => void revoked.push(payload.id));
    portal = new PortalUser(gateway);
  });
  afterAll(() => auth.stop());

  const as =
    (principal: Principal) =>
    <C extends RequestContract>(contract: C, input: InputOf<C>): Promise<OutputOf<C>> =>
      gateway.request(contract, input, { principal });

  /** A person with a partner of their own, who joins another partner with a role. */
  async function join(partnerId: string, role: string, roleId: string | null = null) {
    const { user } = await portal.register();
    const id = newId('member');
    await auth.query(
      'insert into memberships (id, partner_id, user_id, role, role_id, created_at) values ($1, $2, $3, $4, $5, now())',
      [id, partnerId, user.id, role, roleId],
    );
    const logIn = () =>
      gateway.request(createSession, { email: user.email, password: PASSWORD, partner_id: partnerId });
    const { token } = await logIn();
    return { id, user, token, principal: await portal.verify('session', token), logIn };
  }

  it('have one role in each partner, and a session acts for one partner', async () => {
    const owner = await portal.owner();
    const ada = await join(owner.partner_id!, 'developer');
    expect(ada.principal).toMatchObject({ partner_id: owner.partner_id, role: 'developer' });
    const own = await as(ada.principal)(listMemberships, {});
    expect(own.data.map(({ role, current }) => [role, current])).toEqual([
      ['owner', false],
      ['developer', true],
    ]);
    // The next session acts for the partner of the last one.
    expect((await portal.logIn(ada.user.email)).partner?.id).toBe(owner.partner_id);
    const wrong = gateway.request(createSession, {
      email: ada.user.email,
      password: PASSWORD,
      partner_id: newId('partner'),
    });
    await expect(wrong).rejects.toMatchObject({ code: 'AUTH.MEMBER_NOT_FOUND' });

    const { data } = await as(owner)(listMembers, {});
    expect(data).toMatchObject([
      { id: ada.id, email: ada.user.email, role: 'developer', custom_role: null },
      { user_id: owner.user_id, role: 'owner' },
    ]);
    expect(data[0]!.last_active_at).not.toBeNull();
  });

  it('get another role, which holds for their open sessions', async () => {
    const owner = await portal.owner();
    const ada = await join(owner.partner_id!, 'viewer');
    const member = await as(owner)(changeMemberRole, { id: ada.id, role: 'admin' });
    expect(member).toMatchObject({ id: ada.id, role: 'admin' });
    await eventually(() => expect(changed).toContain(ada.principal.id));
    expect(await portal.verify('session', ada.token)).toMatchObject({ role: 'admin' });
  });

  it('leave entries that say what their role was, and what a role permitted', async () => {
    const owner = await portal.owner();
    const ada = await join(owner.partner_id!, 'viewer');
    const shown = async (objectId: string) =>
      (
        await auth.query<{ entry: string }>(
          'select entry from audit_entries where chain = $1 and object_id = $2 order by sequence',
          [owner.partner_id, objectId],
        )
      ).map(({ entry }) => {
        const { action, before, after } = JSON.parse(entry) as Record<string, unknown>;
        return { action, before, after };
      });
    const made = await as(owner)(createRole, { name: 'Analyst', permissions: ['usage:read'] });
    await as(owner)(changeMemberRole, { id: ada.id, role: made.id });
    // Without an effect, and so without an entry.
    await as(owner)(changeMemberRole, { id: ada.id, role: made.id });
    await as(owner)(updateRole, { id: made.id, permissions: ['tickets:read'] });
    await as(owner)(removeMember, { id: ada.id });
    await as(owner)(deleteRole, { id: made.id });
    await eventually(async () => {
      expect(await shown(ada.id)).toEqual([
        { action: 'member.role_changed', before: { role: 'viewer' }, after: { role: made.id } },
        { action: 'member.removed', before: { role: made.id }, after: null },
      ]);
      expect(await shown(made.id)).toEqual([
        { action: 'role.created', before: null, after: { name: 'Analyst', permissions: ['usage:read'] } },
        {
          action: 'role.changed',
          before: { permissions: ['usage:read'] },
          after: { permissions: ['tickets:read'] },
        },
        { action: 'role.deleted', before: { name: 'Analyst', permissions: ['tickets:read'] }, after: null },
      ]);
    });
  });

  it('give and take no role that may do more than their own', async () => {
    const owner = await portal.owner();
    const partnerId = owner.partner_id!;
    const admin = await join(partnerId, 'admin');
    const other = await join(partnerId, 'developer');
    const ownerId = (await as(owner)(listMembers, {})).data.find(({ role }) => role === 'owner')!.id;
    const above = { code: 'AUTH.ABOVE_OWN_ROLE', kind: 'forbidden' };
    await expect(
      as(admin.principal)(changeMemberRole, { id: other.id, role: 'owner' }),
    ).rejects.toMatchObject(above);
    await expect(
      as(admin.principal)(changeMemberRole, { id: ownerId, role: 'viewer' }),
    ).rejects.toMatchObject(above);
    await expect(as(admin.principal)(removeMember, { id: ownerId })).rejects.toMatchObject(above);
    await expect(as(other.principal)(removeMember, { id: admin.id })).rejects.toMatchObject({
      code: 'PLATFORM.FORBIDDEN',
    });
    // A role of the partner's own with `members:write` gives what it has itself, and no more.
    const role = await as(owner)(createRole, {
      name: 'People',
      permissions: ['members:read', 'members:write'],
    });
    const people = await join(partnerId, 'custom', role.id);
    expect(people.principal).toMatchObject({
      role: 'custom',
      permissions: ['members:read', 'members:write'],
    });
    await expect(
      as(people.principal)(changeMemberRole, { id: other.id, role: 'admin' }),
    ).rejects.toMatchObject(above);
    await expect(as(people.principal)(removeMember, { id: other.id })).rejects.toMatchObject(above);
    const twin = await join(partnerId, 'custom', role.id);
    await as(people.principal)(removeMember, { id: twin.id });
    expect((await as(owner)(listMembers, {})).data.map(({ id }) => id)).not.toContain(twin.id);
  });

  it('are removed: their sessions for the partner end at once, others stay', async () => {
    const owner = await portal.owner();
    const ada = await join(owner.partner_id!, 'developer');
    const own = (await as(ada.principal)(listMemberships, {})).data[0]!.partner.id;
    const elsewhere = await gateway.request(createSession, {
      email: ada.user.email,
      password: PASSWORD,
      partner_id: own,
    });
    const made = await as(ada.principal)(createApiKey, { name: 'Billing job' });
    await as(owner)(removeMember, { id: ada.id });
    // A key belongs to the partner: it outlives its maker, and others replace it.
    expect(await portal.verify('api_key', made.key)).toMatchObject({ id: made.id });
    const { api_key } = await as(owner)(rotateApiKey, { id: made.id });
    expect(api_key.created_by).toBe(owner.user_id);
    await expect(portal.verify('session', ada.token)).rejects.toMatchObject({
      code: 'AUTH.CREDENTIAL_REFUSED',
    });
    await eventually(() => expect(revoked).toContain(ada.principal.id));
    expect(await portal.verify('session', elsewhere.token)).toMatchObject({ partner_id: own });
    await expect(ada.logIn()).rejects.toMatchObject({ code: 'AUTH.MEMBER_NOT_FOUND' });
    await expect(as(owner)(removeMember, { id: ada.id })).rejects.toMatchObject({
      code: 'AUTH.MEMBER_NOT_FOUND',
    });
  });

  it('are found in their own partner only', async () => {
    const [owner, stranger] = [await portal.owner(), await portal.owner()];
    const ada = await join(owner.partner_id!, 'developer');
    const missing = await as(stranger)(removeMember, { id: newId('member') }).catch((error) => error);
    // Begun one after another: a refusal that nobody awaits yet would fail the test.
    for (const request of [
      () => as(stranger)(removeMember, { id: ada.id }),
      () => as(stranger)(changeMemberRole, { id: ada.id, role: 'viewer' }),
      () => as(stranger)(transferOwnership, { member_id: ada.id }),
      () => as(stranger)(leavePartner, { id: ada.id }),
    ])
      await expect(request()).rejects.toMatchObject({ code: missing.code, message: missing.message });
  });

  it('always have an owner, whoever leaves, is removed or changed at the same time', async () => {
    const owner = await portal.owner();
    const [ownId] = (await as(owner)(listMembers, {})).data.map(({ id }) => id);
    const last = { code: 'AUTH.LAST_OWNER' };
    await expect(as(owner)(leavePartner, { id: ownId! })).rejects.toMatchObject(last);
    await expect(as(owner)(removeMember, { id: ownId! })).rejects.toMatchObject(last);
    await expect(as(owner)(changeMemberRole, { id: ownId!, role: 'admin' })).rejects.toMatchObject(last);
    // Two owners: both try to leave at once, again and again.
    for (let round = 0; round < 5; round++) {
      const second = await join(owner.partner_id!, 'owner');
      const left = await Promise.allSettled([
        as(owner)(changeMemberRole, { id: ownId!, role: 'owner' }).then(() =>
          as(owner)(removeMember, { id: second.id }),
        ),
        as(second.principal)(changeMemberRole, { id: second.id, role: 'viewer' }),
        as(second.principal)(removeMember, { id: ownId! }),
      ]);
      expect(left.length).toBe(3);
      const [{ owners }] = (await auth.query<{ owners: number }>(
        `select count(*)::int as owners from memberships where partner_id = $1 and role = 'owner'`,
        [owner.partner_id],
      )) as [{ owners: number }];
      expect(owners).toBeGreaterThanOrEqual(1);
      await auth.query('delete from memberships where partner_id = $1', [owner.partner_id]);
      await auth.query(
        `insert into memberships (id, partner_id, user_id, role, created_at) values ($1, $2, $3, 'owner', now())`,
        [ownId, owner.partner_id, owner.user_id],
      );
    }
  });

  it('hand the ownership over in one step', async () => {
    const owner = await portal.owner();
    const ada = await join(owner.partner_id!, 'developer');
    const transfer = await as(owner)(transferOwnership, { member_id: ada.id });
    expect(transfer).toMatchObject({
      owner: { id: ada.id, role: 'owner' },
      previous_owner: { user_id: owner.user_id, role: 'admin' },
    });
    expect(await portal.verify('session', ada.token)).toMatchObject({ role: 'owner' });
    // Signed before the transfer: the role in the table decides.
    await expect(as(owner)(transferOwnership, { member_id: ada.id })).rejects.toMatchObject({
      code: 'AUTH.ABOVE_OWN_ROLE',
    });
  });

  it('register further partners and leave partners', async () => {
    const owner = await portal.owner();
    const second = await as(owner)(createMembership, { name: 'Ada Energy North' });
    expect(second).toMatchObject({ role: 'owner', current: false, partner: { name: 'Ada Energy North' } });
    const ada = await join(second.partner.id, 'viewer');
    await as(ada.principal)(leavePartner, { id: ada.id });
    await expect(portal.verify('session', ada.token)).rejects.toMatchObject({
      code: 'AUTH.CREDENTIAL_REFUSED',
    });
    expect((await as(owner)(listMemberships, {})).data).toHaveLength(2);
  });

  it('without a partner log in, and may do what is about themselves', async () => {
    const { user } = await portal.register();
    await auth.query('delete from memberships where user_id = $1', [user.id]);
    const session = await portal.logIn(user.email);
    expect(session).toMatchObject({ partner: null, role: 'none', permissions: null });
    const nobody = await portal.verify('session', session.token);
    expect(nobody).toMatchObject({ role: 'none', partner_id: null });
    expect((await as(nobody)(listMemberships, {})).data).toEqual([]);
    await expect(as(nobody)(listMembers, {})).rejects.toMatchObject({ code: 'PLATFORM.FORBIDDEN' });
    await as(nobody)(createMembership, { name: 'A fresh start' });
    expect((await portal.logIn(user.email)).role).toBe('owner');
  });

  it('rename their partner', async () => {
    const owner = await portal.owner();
    const ada = await join(owner.partner_id!, 'developer');
    await expect(as(ada.principal)(updatePartner, { name: 'Mine' })).rejects.toMatchObject({
      code: 'PLATFORM.FORBIDDEN',
    });
    expect(await as(owner)(updatePartner, { name: ' New Energy ' })).toMatchObject({ name: 'New Energy' });
  });

  describe('get roles that the partner makes', () => {
    const analyst: ParsedInputOf<typeof createRole> = { name: 'Analyst', permissions: ['usage:read'] };

    it('of the permissions that an admin has', async () => {
      const owner = await portal.owner();
      const role = await as(owner)(createRole, analyst);
      expect(role).toMatchObject({ ...analyst, fixed: false, members: 0 });
      const ada = await join(owner.partner_id!, 'custom', role.id);
      expect(ada.principal).toMatchObject({ role: 'custom', permissions: ['usage:read'] });
      await expect(as(ada.principal)(listMembers, {})).rejects.toMatchObject({ code: 'PLATFORM.FORBIDDEN' });
      // It holds for open sessions.
      await as(owner)(updateRole, { id: role.id, permissions: ['members:read'] });
      await eventually(() => expect(changed).toContain(ada.principal.id));
      const principal = await portal.verify('session', ada.token);
      expect((await as(principal)(listMembers, {})).data).toHaveLength(2);
      const { data, grantable } = await as(owner)(listRoles, {});
      expect(data.map(({ id }) => id)).toEqual([
        ...['owner', 'admin', 'developer', 'billing', 'support', 'viewer'],
        role.id,
      ]);
      expect(data.at(-1)).toMatchObject({ members: 1, permissions: ['members:read'] });
      expect(grantable).not.toContain('ownership:write');
      expect(grantable).not.toContain('partners:read');
    });

    it('but never what only an owner or GridWorks may do, and never more than their maker', async () => {
      const owner = await portal.owner();
      for (const permission of ['ownership:write', 'partners:read', 'identity:read', 'no:such'])
        await expect(
          as(owner)(createRole, { name: 'Greedy', permissions: [permission as 'usage:read'] }),
        ).rejects.toMatchObject({ code: 'PLATFORM.INVALID_INPUT' });
      const maker = await as(owner)(createRole, {
        name: 'Maker',
        permissions: ['roles:read', 'roles:write'],
      });
      const ada = await join(owner.partner_id!, 'custom', maker.id);
      await expect(as(ada.principal)(createRole, analyst)).rejects.toMatchObject({
        code: 'AUTH.ABOVE_OWN_ROLE',
      });
      await expect(
        as(ada.principal)(updateRole, { id: maker.id, permissions: ['roles:write', 'api-keys:write'] }),
      ).rejects.toMatchObject({ code: 'AUTH.ABOVE_OWN_ROLE' });
    });

    it('with a name of their own, in upper or lower case', async () => {
      const owner = await portal.owner();
      const [first, second] = [
        await as(owner)(createRole, analyst),
        await as(owner)(createRole, { ...analyst, name: 'Other' }),
      ];
      const taken = { code: 'AUTH.ROLE_NAME_TAKEN', kind: 'conflict' };
      await expect(as(owner)(createRole, { ...analyst, name: 'ANALYST' })).rejects.toMatchObject(taken);
      await expect(as(owner)(updateRole, { id: second.id, name: 'analyst' })).rejects.toMatchObject(taken);
      expect(await as(owner)(updateRole, { id: first.id, name: 'ANALYST' })).toMatchObject({
        name: 'ANALYST',
      });
      const stranger = await portal.owner();
      await as(stranger)(createRole, analyst);
      await expect(as(stranger)(updateRole, { id: first.id, name: 'Mine' })).rejects.toMatchObject({
        code: 'AUTH.ROLE_NOT_FOUND',
      });
    });

    it('that are deleted only when nobody has them', async () => {
      const owner = await portal.owner();
      const role = await as(owner)(createRole, analyst);
      const ada = await join(owner.partner_id!, 'custom', role.id);
      await expect(as(owner)(deleteRole, { id: role.id })).rejects.toMatchObject({
        code: 'AUTH.ROLE_IN_USE',
      });
      await as(owner)(changeMemberRole, { id: ada.id, role: 'viewer' });
      await as(owner)(deleteRole, { id: role.id });
      await expect(as(owner)(changeMemberRole, { id: ada.id, role: role.id })).rejects.toMatchObject({
        code: 'AUTH.ROLE_NOT_FOUND',
      });
    });
  });
});
