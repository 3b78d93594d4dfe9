import type { Bus } from '@gridworks/bus';
import {
  createApiKey,
  credentialRevoked,
  getApiKey,
  type InputOf,
  listApiKeys,
  newId,
  type PayloadOf,
  type Principal,
  parseApiKey,
  revokeApiKey,
  updateApiKey,
  verifyCredential,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PortalUser, startAuth } from './auth-under-test.ts';

const refused = { code: 'AUTH.CREDENTIAL_REFUSED', kind: 'unauthenticated' };
const forbidden = { code: 'PLATFORM.FORBIDDEN' };

describe('API keys', () => {
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

  const create = (principal: Principal, input: InputOf<typeof createApiKey> = {}) =>
    gateway.request(createApiKey, input, { principal });

  it('are shown once, and are valid until they are revoked', async () => {
    const made = await create(owner, { name: 'Production', mode: 'live' });
    expect(made).toMatchObject({
      name: 'Production',
      mode: 'live',
      last4: made.key.slice(-4),
      revoked_at: null,
    });
    expect(parseApiKey(made.key)).toEqual({ mode: 'live', last4: made.last4 });
    const principal = {
      kind: 'api_key',
      id: made.id,
      partner_id: owner.partner_id,
      user_id: null,
      role: 'none',
      mode: 'live',
    };
    expect(await portal.verify('api_key', made.key)).toEqual(principal);
    await expect(portal.verify('session', made.key)).rejects.toMatchObject(refused);

    const { key: _, ...shown } = made;
    const list = await gateway.request(listApiKeys, {}, { principal: owner });
    // No billing runs here: the list is returned without figures.
    const unused = { last_used_at: null, calls: null };
    expect(list.data[0]).toEqual({ ...shown, ...unused });
    const stored = JSON.stringify(await auth.query('select to_jsonb(k)::text as text from api_keys k'));
    expect(stored).toContain(made.id);
    for (const secret of [made.key, made.key.slice(8, 38)]) expect(stored).not.toContain(secret);

    const revoked = await gateway.request(revokeApiKey, { id: made.id }, { principal: owner });
    expect(revoked).toEqual({ ...shown, revoked_at: expect.any(String) });
    await expect(portal.verify('api_key', made.key)).rejects.toMatchObject(refused);
    expect(await gateway.request(revokeApiKey, { id: made.id }, { principal: owner })).toEqual(revoked);
    await eventually(() =>
      expect(revocations.filter((one) => one.id === made.id)).toMatchObject([{ kind: 'api_key' }]),
    );
    expect(await auth.query(`select 1 from outbox where event->'data'->>'id' = $1`, [made.id])).toHaveLength(
      1,
    );
  });

  it('are test keys named default unless the caller sets mode and name', async () => {
    expect(await create(owner)).toMatchObject({ name: 'default', mode: 'test' });
  });

  it('can neither make nor revoke nor see keys', async () => {
    const made = await create(owner);
    const key = await portal.verify('api_key', made.key);
    await expect(create(key)).rejects.toMatchObject(forbidden);
    await expect(gateway.request(revokeApiKey, { id: made.id }, { principal: key })).rejects.toMatchObject(
      forbidden,
    );
    await expect(gateway.request(listApiKeys, {}, { principal: key })).rejects.toMatchObject(forbidden);
  });

  it('are made by owners only: not by members, not by admins, not without a credential', async () => {
    await expect(create({ ...owner, role: 'viewer' })).rejects.toMatchObject(forbidden);
    const admin: Principal = { ...owner, partner_id: null, role: 'platform_admin' };
    await expect(create(admin)).rejects.toMatchObject(forbidden);
    await expect(gateway.request(listApiKeys, {}, { principal: admin })).rejects.toMatchObject(forbidden);
    for (const declared of [createApiKey, listApiKeys])
      await expect(gateway.request(declared, {})).rejects.toMatchObject({ code: 'PLATFORM.UNAUTHENTICATED' });
  });

  it('are read one by one, without the key itself, also after their end', async () => {
    const made = await create(owner, { name: 'Production' });
    const { key: _secret, ...shown } = made;
    const read = () => gateway.request(getApiKey, { id: made.id }, { principal: owner });
    const unused = { last_used_at: null, calls: null };
    expect(await read()).toEqual({ ...shown, ...unused });
    const revoked = await gateway.request(revokeApiKey, { id: made.id }, { principal: owner });
    expect(await read()).toEqual({ ...revoked, ...unused });
  });

  it('get another name, and are otherwise unchanged', async () => {
    const made = await create(owner, { name: 'First' });
    const renamed = await gateway.request(
      updateApiKey,
      { id: made.id, name: ' Second ' },
      { principal: owner },
    );
    const { key: _secret, ...shown } = made;
    expect(renamed).toEqual({ ...shown, name: 'Second' });
    expect(await gateway.request(getApiKey, { id: made.id }, { principal: owner })).toMatchObject(renamed);
    await portal.verify('api_key', made.key);
    const member: Principal = { ...owner, role: 'viewer' };
    await expect(
      gateway.request(updateApiKey, { id: made.id, name: 'Third' }, { principal: member }),
    ).rejects.toMatchObject(forbidden);
  });

  it.each([
    ['read', getApiKey, {}],
    ['renamed', updateApiKey, { name: 'Mine' }],
  ] as const)(
    'of another partner are not %s, with the same bytes as a missing key',
    async (_, contract, change) => {
      const foreign = await create(await portal.owner());
      const refusal = async (id: string) => {
        const error = await gateway
          .request(contract, { id, ...change } as never, { principal: owner })
          .catch((e) => e);
        return JSON.stringify({ ...error, message: error.message });
      };
      const response = await refusal(foreign.id);
      expect(JSON.parse(response)).toMatchObject({ code: 'AUTH.API_KEY_NOT_FOUND', kind: 'not_found' });
      expect(await refusal(newId('apiKey'))).toBe(response);
    },
  );

  it('of another partner give the same response as missing keys, to the byte', async () => {
    const foreign = await create(await portal.owner());
    const refusal = async (id: string) => {
      const error = await gateway.request(revokeApiKey, { id }, { principal: owner }).catch((e) => e);
      return JSON.stringify({ ...error, message: error.message });
    };
    const response = await refusal(foreign.id);
    expect(JSON.parse(response)).toMatchObject({ code: 'AUTH.API_KEY_NOT_FOUND', kind: 'not_found' });
    expect(await refusal(newId('apiKey'))).toBe(response);
    await portal.verify('api_key', foreign.key);
    for (const cursor of ['starting_after', 'ending_before'] as const) {
      const page = await gateway.request(
        listApiKeys,
        { [cursor]: foreign.id, limit: 100 },
        { principal: owner },
      );
      expect(page.data.map((key) => key.id)).not.toContain(foreign.id);
    }
  });

  it('are listed newest first, page by page, there and back', async () => {
    const principal = await portal.owner();
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) ids.unshift((await create(principal, { name: `No. ${i}` })).id);
    // Ids differ by millisecond, and two may have been made in the same one.
    ids.sort((one, other) => (one < other ? 1 : -1));
    const list = async (query: InputOf<typeof listApiKeys>) => {
      const page = await gateway.request(listApiKeys, query, { principal });
      return { ids: page.data.map((key) => key.id), more: page.has_more };
    };
    expect(await list({})).toEqual({ ids, more: false });
    expect(await list({ limit: 3 })).toEqual({ ids: ids.slice(0, 3), more: true });
    expect(await list({ limit: 3, starting_after: ids[2] })).toEqual({ ids: ids.slice(3, 6), more: true });
    expect(await list({ limit: 3, starting_after: ids[5] })).toEqual({ ids: ids.slice(6), more: false });
    expect(await list({ limit: 3, ending_before: ids[6] })).toEqual({ ids: ids.slice(3, 6), more: true });
    expect(await list({ limit: 3, ending_before: ids[3] })).toEqual({ ids: ids.slice(0, 3), more: false });
    await expect(list({ starting_after: ids[0], ending_before: ids[1] })).rejects.toMatchObject({
      code: 'PLATFORM.INVALID_INPUT',
    });
  });

  it('refuse hostile names and digests as invalid input', async () => {
    for (const name of ['a\u0000b', 'half \ude00', ' ', 'x'.repeat(121), { toString: 'x' }])
      await expect(create(owner, { name: name as string })).rejects.toMatchObject({
        code: 'PLATFORM.INVALID_INPUT',
        problems: [{ pointer: '/name' }],
      });
    const name = `'; drop table api_keys; -- 漢字 😀`;
    expect((await create(owner, { name })).name).toBe(name);
    for (const digest of ['', '*', 'A'.repeat(64), `${'a'.repeat(63)}\u0000`, `${'a'.repeat(64)}\n`])
      await expect(gateway.request(verifyCredential, { kind: 'api_key', digest })).rejects.toMatchObject({
        code: 'PLATFORM.INVALID_INPUT',
      });
  });
});
