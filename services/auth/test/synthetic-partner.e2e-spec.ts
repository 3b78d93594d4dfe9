import type { Bus } from '@gridworks/bus';
import {
  countAccounts,
  createApiKey,
  credentialRevoked,
  ensureSyntheticPartner,
  getAccounts,
  getPartner,
  listPartners,
  listUsers,
  newId,
  type PayloadOf,
  partnerRegistered,
  SYNTHETIC_PARTNER_ID,
  summarizeTickets,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { asAdmin, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PortalUser, startAuth } from './auth-under-test.ts';

const PASSWORD = 'only monitor knows this, and forgets it';

describe('the synthetic partner', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let monitor: Bus;
  let portal: PortalUser;
  const revoked: PayloadOf<typeof credentialRevoked>[] = [];
  beforeAll(async () => {
    ({ auth } = await startAuth());
    const [billing, support] = [await auth.connect('billing'), await auth.connect('support')];
    await billing.serve(getAccounts, () => ({ observed_at: new Date().toISOString(), accounts: [] }));
    await support.serve(summarizeTickets, () => ({
      observed_at: new Date().toISOString(),
      by_status: { open: 0, in_progress: 0, waiting_on_partner: 0, resolved: 0, closed: 0 },
      partners: [],
    }));
    await auth.startInstance();
    gateway = await auth.startGateway();
    gateway.listen(credentialRevoked, async (event) => void revoked.push(event.payload));
    monitor = await auth.connect('monitor');
    portal = new PortalUser(gateway);
  });
  afterAll(() => auth.stop());

  const ensure = (password = PASSWORD) => monitor.request(ensureSyntheticPartner, { password });

  it('is one partner, whose owner logs in with the latest password', async () => {
    const { email } = await ensure();
    const session = await portal.logIn(email, PASSWORD);
    expect(session).toMatchObject({ partner: { id: SYNTHETIC_PARTNER_ID }, role: 'owner' });
    const principal = await portal.verify('session', session.token);
    const key = await gateway.request(createApiKey, { name: 'monitor', mode: 'live' }, { principal });
    await portal.verify('api_key', key.key);

    const other = `${PASSWORD}, too`;
    expect(await ensure(other)).toEqual({ email });
    await expect(portal.logIn(email, PASSWORD)).rejects.toMatchObject({ code: 'AUTH.LOGIN_REFUSED' });
    await portal.logIn(email, other);
    for (const [kind, secret] of [
      ['session', session.token],
      ['api_key', key.key],
    ] as const)
      await expect(portal.verify(kind, secret)).rejects.toMatchObject({ code: 'AUTH.CREDENTIAL_REFUSED' });
    await eventually(() =>
      expect(revoked.map(({ id }) => id)).toEqual(expect.arrayContaining([session.id, key.id])),
    );
  });

  it('is in no list, no count and no event of partners', async () => {
    const admin = asAdmin(gateway);
    const counts = await monitor.request(countAccounts, {});
    expect(counts).toMatchObject({ partners: 0, new_partners: 0, users: 0, active_keys: 0 });
    await portal.register(`${newId('request').toLowerCase()}@example.com`);
    expect((await monitor.request(countAccounts, {})).partners).toBe(1);
    expect((await admin.request(listPartners, {})).data.map(({ id }) => id)).not.toContain(
      SYNTHETIC_PARTNER_ID,
    );
    expect(JSON.stringify((await admin.request(listUsers, {})).data)).not.toContain(SYNTHETIC_PARTNER_ID);
    await expect(admin.request(getPartner, { id: SYNTHETIC_PARTNER_ID })).rejects.toMatchObject({
      code: 'AUTH.PARTNER_NOT_FOUND',
    });
    const events = await auth.query<{ n: number }>(
      `select count(*)::int as n from outbox where event::text like $1 and event::text like $2`,
      [`%${partnerRegistered.subject}%`, `%${SYNTHETIC_PARTNER_ID}%`],
    );
    expect(events).toEqual([{ n: 0 }]);
  });
});
