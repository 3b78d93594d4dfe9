import type { Bus } from '@gridworks/bus';
import {
  changePassword,
  countAccounts,
  createApiKey,
  credentialRevoked,
  getAccounts,
  getIdentity,
  getOnboarding,
  getPartner,
  listPartners,
  listUsers,
  newId,
  type PayloadOf,
  summarizeTickets,
  updateIdentity,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { asAdmin, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, PortalUser, startAuth } from './auth-under-test.ts';

const AT = '2026-11-28T10:00:00.000Z';
const plan = { id: 'free', name: 'Free', included_calls: 10_000 };

describe('the directory', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  let billing: Bus;
  const revocations: PayloadOf<typeof credentialRevoked>[] = [];
  const called = new Map<string, string>();
  const tickets = new Map<string, number>();
  beforeAll(async () => {
    ({ auth } = await startAuth());
    // The specs of billing and support test the responses of those services.
    billing = await auth.connect('billing');
    await billing.serve(getAccounts, ({ partner_ids }) => ({
      observed_at: AT,
      accounts: partner_ids.map((partner_id) => {
        const first_call_at = called.get(partner_id) ?? null;
        return {
          partner_id,
          plan,
          used_calls: first_call_at ? 1 : 0,
          first_call_at,
          last_call_at: first_call_at,
        };
      }),
    }));
    const support = await auth.connect('support');
    await support.serve(summarizeTickets, ({ partner_ids }) => ({
      observed_at: AT,
      by_status: { open: 0, in_progress: 0, waiting_on_partner: 0, resolved: 0, closed: 0 },
      partners: partner_ids.flatMap((partner_id) => {
        const open_tickets = tickets.get(partner_id);
        return open_tickets === undefined ? [] : [{ partner_id, open_tickets, first_ticket_at: AT }];
      }),
    }));
    await auth.startInstance();
    gateway = await auth.startGateway();
    gateway.listen(credentialRevoked, async (event) => void revocations.push(event.payload));
    portal = new PortalUser(gateway);
  });
  afterAll(() => auth.stop());

  it('stores the preferences of a user, and keeps those that were left out', async () => {
    const principal = await portal.owner();
    const change = (input: object) => gateway.request(updateIdentity, input, { principal });
    expect(await change({ name: ' Ada ', zone: 'Europe/Berlin', theme: 'dark' })).toMatchObject({
      ...{ name: 'Ada', zone: 'Europe/Berlin', theme: 'dark', locale: null },
    });
    expect(await change({ theme: null, locale: 'de-AT' })).toMatchObject({
      ...{ name: 'Ada', zone: 'Europe/Berlin', theme: null, locale: 'de-AT' },
    });
    expect((await gateway.request(getIdentity, {}, { principal })).user).toEqual(await change({}));
    for (const wrong of [
      { zone: 'Mars/Base' },
      { locale: 'x; drop' },
      { theme: 'pink' },
      { role: 'platform_admin' },
    ])
      await expect(change(wrong)).rejects.toMatchObject({ code: 'PLATFORM.INVALID_INPUT' });
  });

  it('sets another password with the old one, which ends all other sessions', async () => {
    const { user } = await portal.register();
    const [kept, other] = [await portal.logIn(user.email), await portal.logIn(user.email)];
    const principal = await portal.verify('session', kept.token);
    const change = (old_password: string) =>
      gateway.request(
        changePassword,
        { old_password, new_password: 'battery staple correct' },
        { principal },
      );
    await expect(change('not the password')).rejects.toMatchObject({ code: 'AUTH.LOGIN_REFUSED' });
    await portal.verify('session', other.token);
    expect(await change(PASSWORD)).toMatchObject({ ended_sessions: 1 });
    await portal.verify('session', kept.token);
    await expect(portal.verify('session', other.token)).rejects.toMatchObject({
      code: 'AUTH.CREDENTIAL_REFUSED',
    });
    await eventually(() => expect(revocations.map(({ id }) => id)).toContain(other.id));
    expect(revocations.map(({ id }) => id)).not.toContain(kept.id);
    await expect(portal.logIn(user.email)).rejects.toMatchObject({ code: 'AUTH.LOGIN_REFUSED' });
    await portal.logIn(user.email, 'battery staple correct');
  });

  it('bounds guesses at the old password as it bounds log-ins', async () => {
    const principal = await portal.owner();
    const guess = () =>
      gateway
        .request(changePassword, { old_password: 'guess', new_password: 'battery staple' }, { principal })
        .catch((error: { code: string }) => error.code);
    const outcomes: unknown[] = [];
    for (let tries = 0; tries < 11; tries++) outcomes.push(await guess());
    expect(outcomes.slice(0, 10)).toEqual(Array(10).fill('AUTH.LOGIN_REFUSED'));
    expect(outcomes[10]).toBe('AUTH.TOO_MANY_LOGINS');
  });

  it('shows a partner its first steps, from the services that store them', async () => {
    const principal = await portal.owner();
    const partnerId = principal.partner_id as string;
    const steps = async () => {
      const { steps: all, complete } = await gateway.request(getOnboarding, {}, { principal });
      return { states: all.map(({ step, state }) => `${step} ${state}`), complete };
    };
    expect(await steps()).toEqual({
      states: ['account done', 'confirm_email open', 'api_key open', 'first_call open', 'first_ticket open'],
      complete: false,
    });
    await gateway.request(createApiKey, {}, { principal });
    called.set(partnerId, AT);
    expect(await steps()).toEqual({
      states: ['account done', 'confirm_email open', 'api_key done', 'first_call done', 'first_ticket open'],
      complete: true,
    });
  });

  it('lists partners and people for admins, page by page, by a part of a name or address', async () => {
    const admin = asAdmin(gateway);
    const word = newId('request').slice(4).toLowerCase();
    const first = await portal.register(`${word}_1@example.com`);
    const second = await portal.register(`${word}_2@example.com`);
    called.set(second.partner.id, AT);
    tickets.set(second.partner.id, 3);
    const found = await admin.request(listPartners, { query: word.toUpperCase() });
    expect(found.data.map(({ id }) => id)).toEqual([second.partner.id, first.partner.id]);
    expect(found.data[0]).toMatchObject({
      ...{ users: 1, api_keys: 0, open_tickets: 3 },
      use: { plan, used_calls: 1, last_call_at: AT, observed_at: AT },
    });
    const older = await admin.request(listPartners, { query: word, starting_after: second.partner.id });
    expect(older.data.map(({ id }) => id)).toEqual([first.partner.id]);
    // An underscore is a character here, not a wildcard.
    expect((await admin.request(listPartners, { query: `${word}x1` })).data).toEqual([]);
    const people = await admin.request(listUsers, { query: word, role: 'owner' });
    expect(people.data.map(({ email }) => email)).toEqual([`${word}_2@example.com`, `${word}_1@example.com`]);
    expect(people.data[0]).toMatchObject({
      memberships: [{ partner_id: second.partner.id, partner_name: 'Ada Energy', role: 'owner' }],
      sessions: 0,
    });
    expect(JSON.stringify(people)).not.toContain('argon2');
    const one = await admin.request(getPartner, { id: first.partner.id });
    expect(one.people.map(({ id }) => id)).toEqual([first.user.id]);
    await expect(admin.request(getPartner, { id: newId('partner') })).rejects.toMatchObject({
      code: 'AUTH.PARTNER_NOT_FOUND',
    });
    const principal = await portal.owner();
    await expect(gateway.request(listPartners, {}, { principal })).rejects.toMatchObject({
      code: 'PLATFORM.FORBIDDEN',
    });
    const counts = await (await auth.connect('monitor')).request(countAccounts, {});
    expect(counts.partners).toBeGreaterThanOrEqual(3);
    expect([counts.new_partners, counts.new_partners_30_days]).toEqual([counts.partners, counts.partners]);
  });

  it('counts new partners, and lists them', async () => {
    const word = newId('request').slice(4).toLowerCase();
    const [recent, older, old] = [
      await portal.register(`${word}_1@example.com`),
      await portal.register(`${word}_2@example.com`),
      await portal.register(`${word}_3@example.com`),
    ];
    const registered = (id: string, days: number) =>
      auth.query(
        `update partners set created_at = date_trunc('day', now(), 'UTC') - make_interval(days => $2) where id = $1`,
        [id, days],
      );
    await registered(recent.partner.id, 6);
    await registered(older.partner.id, 7);
    await registered(old.partner.id, 30);
    const counts = await (await auth.connect('monitor')).request(countAccounts, {});
    expect([counts.new_partners, counts.new_partners_30_days]).toEqual([
      counts.partners - 2,
      counts.partners - 1,
    ]);
    const midnight = (days: number) =>
      `${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`;
    const since = async (days: number) =>
      (await asAdmin(gateway).request(listPartners, { query: word, from: midnight(days) })).data.map(
        ({ id }) => id,
      );
    expect(await since(6)).toEqual([recent.partner.id]);
    expect(await since(29)).toEqual([older.partner.id, recent.partner.id]);
  });

  it('reads its lists by index, ten thousand partners', async () => {
    await auth.query(
      `insert into partners (id, name, created_at)
       select 'par_' || lpad(n::text, 22, '0'), 'many', now() from generate_series(1, 10000) n on conflict do nothing`,
    );
    await auth.query('analyze partners');
    const plan = await auth.query(
      'explain (format json) select id from partners order by list_position desc limit 101',
    );
    expect(JSON.stringify(plan)).not.toMatch(/Seq Scan|"Sort"/);
    const page = await asAdmin(gateway).request(listPartners, { limit: 100 });
    expect([page.data.length, page.has_more]).toEqual([100, true]);
  });

  it('shows its own data while the others do not respond', async () => {
    const principal = await portal.owner();
    await billing.close();
    const { steps } = await gateway.request(getOnboarding, {}, { principal });
    expect(steps.map(({ state }) => state)).toEqual(['done', 'open', 'open', 'unknown', 'open']);
    const { data } = await asAdmin(gateway).request(listPartners, { limit: 1 });
    expect(data[0]).toMatchObject({ use: null, open_tickets: 0 });
  });
});
