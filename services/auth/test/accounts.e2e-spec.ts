import type { Bus } from '@gridworks/bus';
import {
  credentialRevoked,
  getIdentity,
  newId,
  type PayloadOf,
  partnerRegistered,
  registerPartner,
  revokeSession,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { type InstanceUnderTest, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AdminSeed } from '../src/users/admin-seed.ts';
import { PASSWORD, PortalUser, startAuth } from './auth-under-test.ts';

const refused = { code: 'AUTH.CREDENTIAL_REFUSED', kind: 'unauthenticated' };

describe('partners, owners and sessions', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  let instance: InstanceUnderTest;
  const revocations: PayloadOf<typeof credentialRevoked>[] = [];

  beforeAll(async () => {
    ({ auth } = await startAuth({ AUTH_ADMIN_EMAIL: 'admin@example.com', AUTH_ADMIN_PASSWORD: PASSWORD }));
    instance = await auth.startInstance('auth');
    await auth.startInstance('auth-2');
    gateway = await auth.startGateway();
    gateway.listen(credentialRevoked, async (event) => void revocations.push(event.payload));
    portal = new PortalUser(gateway);
  });
  afterAll(() => auth.stop());

  it('registers a partner with its owner, and billing receives the event', async () => {
    const billing = await auth.connect('billing');
    const received: PayloadOf<typeof partnerRegistered>[] = [];
    await billing.consume(partnerRegistered, 'billing_open-account', async (event) => {
      expect(event.partnerId).toBe(event.payload.partner_id);
      received.push(event.payload);
    });
    const { partner, user } = await gateway.request(registerPartner, {
      name: '  Ada Energy ',
      email: 'Ada@Example.com',
      password: PASSWORD,
    });
    expect(partner.name).toBe('Ada Energy');
    expect(user).toMatchObject({
      email: 'ada@example.com',
      email_confirmed_at: null,
      platform_role: null,
    });
    await eventually(() =>
      expect(received).toContainEqual({
        partner_id: partner.id,
        name: 'Ada Energy',
        registered_at: partner.created_at,
      }),
    );
  });

  it('registers an address for one of many simultaneous callers, and stores nothing for the others', async () => {
    const email = 'Wanted@example.com';
    const all = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => portal.register(i % 2 ? email : email.toUpperCase())),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of all)
      if (one.status === 'rejected')
        expect(one.reason).toMatchObject({ code: 'AUTH.EMAIL_TAKEN', kind: 'conflict' });
    const [count] = await auth.query(
      `select (select count(*) from partners)::int as partners,
              (select count(distinct partner_id) from memberships where role = 'owner')::int as owners,
              (select count(*) from outbox where subject = 'event.auth.partner.registered')::int as events`,
    );
    expect(count).toEqual({ partners: count!.owners, owners: count!.owners, events: count!.owners });
  });

  it('logs in with the address in any case, for twelve hours, and out', async () => {
    const { partner, user } = await portal.register();
    const session = await portal.logIn(user.email.toUpperCase());
    expect(session).toMatchObject({ user, partner, role: 'owner', permissions: null });
    expect(session.token).toMatch(/^ses_[0-9A-Za-z]{43}$/);
    const lifetime = Date.parse(session.expires_at) - Date.now();
    expect(lifetime).toBeGreaterThan(12 * 3_600_000 - 10_000);
    expect(lifetime).toBeLessThanOrEqual(12 * 3_600_000);

    const principal = await portal.verify('session', session.token);
    expect(principal).toEqual({
      kind: 'session',
      id: session.id,
      partner_id: partner.id,
      user_id: user.id,
      role: 'owner',
      mode: null,
      authenticated_at: expect.any(String),
    });
    expect(await gateway.request(getIdentity, {}, { principal })).toEqual({
      object: 'identity',
      principal,
      partner,
      user,
    });

    const first = await gateway.request(revokeSession, {}, { principal });
    expect(await gateway.request(revokeSession, {}, { principal })).toEqual(first);
    await expect(portal.verify('session', session.token)).rejects.toMatchObject(refused);
    await eventually(() =>
      expect(revocations.filter((one) => one.id === session.id)).toMatchObject([{ kind: 'session' }]),
    );
  });

  it('ends a session when its time is over, and deletes it at the next log-in', async () => {
    const { user } = await portal.register();
    const session = await portal.logIn(user.email);
    await auth.query(`update sessions set expires_at = now() - interval '1 ms' where id = $1`, [session.id]);
    await expect(portal.verify('session', session.token)).rejects.toMatchObject(refused);
    await portal.logIn(user.email);
    expect(await auth.query('select 1 from sessions where user_id = $1', [user.id])).toHaveLength(1);
  });

  it('gives the same error for an unknown address and a wrong password', async () => {
    const { user } = await portal.register();
    const wrong = await portal.logIn(user.email, 'not the password').catch((error) => error);
    const unknown = await portal.logIn('nobody@example.com', 'not the password').catch((error) => error);
    expect(wrong).toMatchObject({ code: 'AUTH.LOGIN_REFUSED', kind: 'unauthenticated' });
    expect({ ...unknown, message: unknown.message }).toEqual({ ...wrong, message: wrong.message });
  });

  it('stores neither password nor token', async () => {
    const { user } = await portal.register();
    const { token } = await portal.logIn(user.email);
    const rows = await auth.query(
      `select to_jsonb(u)::text || to_jsonb(s)::text as text from users u join sessions s on s.user_id = u.id
       union all select event::text from outbox`,
    );
    const stored = JSON.stringify(rows);
    expect(stored).toContain(user.email);
    expect(stored).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    for (const secret of [PASSWORD, token, token.slice(4)]) expect(stored).not.toContain(secret);
  });

  it('refuses a call without a credential', async () => {
    await expect(gateway.request(getIdentity, {})).rejects.toMatchObject({
      code: 'PLATFORM.UNAUTHENTICATED',
    });
    await expect(gateway.request(revokeSession, {})).rejects.toMatchObject({
      code: 'PLATFORM.UNAUTHENTICATED',
    });
    await expect(portal.verify('session', newId('session'))).rejects.toMatchObject(refused);
    // The digest of a session is no digest of a key.
    const { user } = await portal.register();
    const { token } = await portal.logIn(user.email);
    await expect(portal.verify('api_key', token)).rejects.toMatchObject(refused);
  });

  it('makes the admin of the configuration, and only that one', async () => {
    const session = await portal.logIn('admin@example.com');
    expect(session).toMatchObject({ role: 'platform_admin', partner: null });
    expect(await portal.verify('session', session.token)).toMatchObject({
      role: 'platform_admin',
      partner_id: null,
    });

    const seed = instance.module.get(AdminSeed);
    expect(await seed.seed('admin@example.com', PASSWORD)).toBe('unchanged');
    expect(await seed.seed('admin@example.com', 'another password')).toBe('password changed');
    await expect(portal.verify('session', session.token)).rejects.toMatchObject(refused);
    await expect(portal.logIn('admin@example.com')).rejects.toMatchObject({ code: 'AUTH.LOGIN_REFUSED' });
    await portal.logIn('admin@example.com', 'another password');
    await eventually(() => expect(revocations.map((one) => one.id)).toContain(session.id));

    const { user } = await portal.register();
    expect(await seed.seed(user.email, 'another password')).toBe('refused');
    expect((await portal.logIn(user.email)).role).toBe('owner');
    expect(await auth.query(`select 1 from users where platform_role is not null`)).toHaveLength(1);
  });
});
