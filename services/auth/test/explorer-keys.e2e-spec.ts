import type { Bus } from '@gridworks/bus';
import {
  changePassword,
  createExplorerKey,
  credentialDigest,
  credentialRevoked,
  endAllSessions,
  getOnboarding,
  listApiKeys,
  type OutputOf,
  type PayloadOf,
  type Principal,
  rotateApiKey,
  verifyCredential,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, PortalUser, startAuth } from './auth-under-test.ts';

const refused = { code: 'AUTH.CREDENTIAL_REFUSED' };
type Made = OutputOf<typeof createExplorerKey>;

describe('keys of the API explorer', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  let owner: Principal;
  const revocations: PayloadOf<typeof credentialRevoked>[] = [];
  beforeAll(async () => {
    ({ auth } = await startAuth());
    await auth.startInstance();
    gateway = await auth.startGateway();
    gateway.listen(credentialRevoked, async (event) => void revocations.push(event.payload));
    portal = new PortalUser(gateway);
    owner = await portal.owner();
  });
  afterAll(() => auth.stop());

  const create = (principal = owner): Promise<Made> => gateway.request(createExplorerKey, {}, { principal });
  const works = ({ key }: Made) =>
    portal.verify('api_key', key).then(
      () => true,
      (error: { code?: string }) => {
        if (error.code !== refused.code) throw error;
        return false;
      },
    );

  it('are test keys for an hour, marked as what they are, and end by themselves', async () => {
    const made = await create();
    expect(made).toMatchObject({ mode: 'test', purpose: 'explorer', name: 'API explorer', revoked_at: null });
    expect(made.key).toMatch(/^pp_test_/);
    const leftMs = Date.parse(made.expires_at as string) - Date.now();
    expect(leftMs).toBeGreaterThan(3_590_000);
    expect(leftMs).toBeLessThanOrEqual(3_600_000);
    const digest = credentialDigest(made.key);
    const verified = await gateway.request(verifyCredential, { kind: 'api_key', digest });
    expect(verified).toMatchObject({ expires_at: made.expires_at, principal: { mode: 'test' } });
    // As if the hour were over.
    await auth.query(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [made.id]);
    expect(await works(made)).toBe(false);
  });

  it('are three for a person: one more revokes the oldest, and another person keeps theirs', async () => {
    const [person, other] = [await portal.owner(), await portal.owner()];
    const kept = await create(other);
    const made = [await create(person), await create(person), await create(person)] as const;
    const fourth = await create(person);
    expect(await Promise.all([...made, fourth, kept].map(works))).toEqual([false, true, true, true, true]);
    await eventually(() => expect(revocations).toContainEqual(expect.objectContaining({ id: made[0].id })));
  });

  it('stay three when many are made at once', async () => {
    const person = await portal.owner();
    const made = await Promise.all(Array.from({ length: 8 }, () => create(person)));
    expect((await Promise.all(made.map(works))).filter(Boolean)).toHaveLength(3);
  });

  it('are listed apart from those of programs', async () => {
    const person = await portal.owner();
    const { id } = await create(person);
    const ids = async (query: object) =>
      (await gateway.request(listApiKeys, query, { principal: person })).data.map((key) => key.id);
    expect(await ids({ purpose: 'explorer' })).toEqual([id]);
    expect(await ids({ purpose: 'program' })).toEqual([]);
    expect(await ids({})).toEqual([id]);
  });

  it('cannot be replaced by one that lives longer', async () => {
    const { id } = await create();
    await expect(gateway.request(rotateApiKey, { id }, { principal: owner })).rejects.toMatchObject({
      code: 'AUTH.API_KEY_NOT_ROTATABLE',
      kind: 'conflict',
    });
  });

  it('are for developers, too, and for neither viewers nor keys nor admins nor nobody', async () => {
    await create({ ...owner, role: 'developer' });
    const key = await portal.verify('api_key', (await create()).key);
    const admin: Principal = { ...owner, partner_id: null, role: 'platform_admin' };
    for (const principal of [key, admin, { ...owner, role: 'viewer' as const }])
      await expect(create(principal)).rejects.toMatchObject({ code: 'PLATFORM.FORBIDDEN' });
    await expect(gateway.request(createExplorerKey, {})).rejects.toMatchObject({
      code: 'PLATFORM.UNAUTHENTICATED',
    });
  });

  it('are not the first step of a partner, which is a key for a program', async () => {
    const person = await portal.owner();
    await create(person);
    const { steps } = await gateway.request(getOnboarding, {}, { principal: person });
    expect(steps.find(({ step }) => step === 'api_key')).toMatchObject({ state: 'open' });
  });

  it('end when the person logs out everywhere or sets another password', async () => {
    const person = await portal.owner();
    const first = await create(person);
    await gateway.request(endAllSessions, { keep: 'current' }, { principal: person });
    expect(await works(first)).toBe(false);
    const second = await create(person);
    await gateway.request(
      changePassword,
      { old_password: PASSWORD, new_password: 'battery staple correct' },
      { principal: person },
    );
    expect(await works(second)).toBe(false);
    await eventually(() =>
      expect(revocations.map(({ id }) => id)).toEqual(expect.arrayContaining([first.id, second.id])),
    );
  });

  it('are made once under one idempotency key', async () => {
    const person = await portal.owner();
    const call = () =>
      gateway.request(createExplorerKey, {}, { principal: person, idempotencyKey: 'explorer-1' });
    expect((await call()).key).toBe((await call()).key);
  });
});
