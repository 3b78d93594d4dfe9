import type { Bus } from '@gridworks/bus';
import {
  createApiKey,
  credentialDigest,
  getApiKey,
  type InputOf,
  importApiKeys,
  MAX_IMPORTED_KEYS,
  type Principal,
  revokeApiKey,
  rotateApiKey,
} from '@gridworks/contracts';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PortalUser, startAuth } from './auth-under-test.ts';

type Given = InputOf<typeof importApiKeys>['keys'][number];
let count = 0;
const foreignKey = () => {
  count += 1;
  return `legacy-key-${count}-${Math.random()}`;
};
const given = (key: string, more: Partial<Given> = {}): Given => ({
  ...{ name: 'Legacy', digest: credentialDigest(key), last4: key.slice(-4), mode: 'live' },
  ...more,
});

describe('keys that were made elsewhere', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  let owner: Principal;
  beforeAll(async () => {
    ({ auth } = await startAuth());
    await auth.startInstance();
    gateway = await auth.startGateway();
    portal = new PortalUser(gateway);
    owner = await portal.owner();
  });
  afterAll(() => auth.stop());

  const take = (
    keys: Given[],
    principal = owner, // As long as the gateway waits.
  ) => gateway.request(importApiKeys, { keys }, { principal, deadlineMs: 10_000 });

  it.each(["!#$%&'*+-.^_`|~", 'c2VjcmV0LXNlY3JldA+/==', 'sk_live_4eC39HqLyjWDarjtT1zdp7dc', 'x'.repeat(512)])(
    'work as before: %s',
    async (key) => {
      const { imported, api_key_ids } = await take([given(key, { scopes: ['usage:read'] })]);
      expect(imported).toBe(1);
      expect(await portal.verify('api_key', key)).toEqual({
        ...{ kind: 'api_key', id: api_key_ids[0], partner_id: owner.partner_id, user_id: null },
        ...{ role: 'none', permissions: ['usage:read'], mode: 'live' },
      });
      const id = api_key_ids[0] as string;
      expect(await gateway.request(getApiKey, { id }, { principal: owner })).toMatchObject({
        ...{ name: 'Legacy', last4: key.slice(-4), imported: true, scopes: ['usage:read'] },
      });
      await gateway.request(revokeApiKey, { id }, { principal: owner });
      await expect(portal.verify('api_key', key)).rejects.toMatchObject({ code: 'AUTH.CREDENTIAL_REFUSED' });
    },
  );

  it('are replaced by keys of ours', async () => {
    const key = foreignKey();
    const [id = ''] = (await take([given(key, { allowed_networks: ['203.0.113.0/24'] })])).api_key_ids;
    const { api_key } = await gateway.request(rotateApiKey, { id }, { principal: owner });
    expect(api_key).toMatchObject({ imported: false, allowed_networks: ['203.0.113.0/24'] });
    expect(api_key.key).toMatch(/^pp_live_/);
  });

  it('come by the thousand, in their order', async () => {
    const keys = Array.from({ length: MAX_IMPORTED_KEYS }, foreignKey);
    const { imported, api_key_ids } = await take(keys.map((key, at) => given(key, { name: `No. ${at}` })));
    expect(imported).toBe(MAX_IMPORTED_KEYS);
    for (const at of [0, 499, 999]) {
      const { id } = await portal.verify('api_key', keys[at] as string);
      expect(id).toBe(api_key_ids[at]);
      expect(await gateway.request(getApiKey, { id }, { principal: owner })).toMatchObject({
        name: `No. ${at}`,
      });
    }
  });

  it('come all or not at all: one that exists is named, whose ever it is', async () => {
    const [old, fresh] = [foreignKey(), foreignKey()];
    await take([given(old)], await portal.owner());
    const ours = await gateway.request(createApiKey, {}, { principal: owner });
    await expect(take([given(fresh), given(old), given(ours.key)])).rejects.toMatchObject({
      code: 'AUTH.API_KEY_TAKEN',
      problems: [{ pointer: '/keys/1/digest' }, { pointer: '/keys/2/digest' }],
    });
    await expect(portal.verify('api_key', fresh)).rejects.toMatchObject({ code: 'AUTH.CREDENTIAL_REFUSED' });
    expect((await take([given(fresh)])).imported).toBe(1);
  });

  it.each<[string, Given[]]>([
    ['no key', []],
    ['more than a thousand', Array.from({ length: MAX_IMPORTED_KEYS + 1 }, () => given(foreignKey()))],
    ['one key twice', [given('the same one'), given('the same one')]],
    ['a digest that is none', [given(foreignKey(), { digest: 'A'.repeat(64) })]],
    ['a scope that no key holds', [given(foreignKey(), { scopes: ['members:write'] as never })]],
    ['an end that is over', [given(foreignKey(), { expires_at: '2020-01-01T00:00:00Z' })]],
  ])('are refused with %s', async (_, keys) => {
    await expect(take(keys)).rejects.toMatchObject({ code: 'PLATFORM.INVALID_INPUT' });
  });

  it('get no scope that their importer lacks', async () => {
    const maker: Principal = { ...owner, role: 'custom', permissions: ['api-keys:write'] };
    await expect(take([given(foreignKey(), { scopes: ['usage:read'] })], maker)).rejects.toMatchObject({
      code: 'AUTH.ABOVE_OWN_ROLE',
    });
  });
});
