import type { Bus } from '@gridworks/bus';
import {
  createApiKey,
  credentialDigest,
  credentialRevoked,
  getKeyUsage,
  listApiKeys,
  newId,
  type ParsedInputOf,
  type PayloadOf,
  type Principal,
  revokeApiKey,
  rotateApiKey,
  verifyCredential,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PortalUser, startAuth } from './auth-under-test.ts';

const refused = { code: 'AUTH.CREDENTIAL_REFUSED' };
const ended = { code: 'AUTH.API_KEY_ENDED', kind: 'conflict' };

describe('API keys that are replaced and used', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  let owner: Principal;
  const revocations: PayloadOf<typeof credentialRevoked>[] = [];
  const requested: ParsedInputOf<typeof getKeyUsage>[] = [];
  const used = new Map<string, { last_call_at: string; days: number[] }>();
  beforeAll(async () => {
    ({ auth } = await startAuth());
    // The specs of billing test the responses of billing.
    const billing = await auth.connect('billing');
    await billing.serve(getKeyUsage, (input) => {
      requested.push(input);
      const api_keys = input.api_key_ids.flatMap((id) => {
        const use = used.get(id);
        return use ? [{ api_key_id: id, ...use }] : [];
      });
      return { from: '2026-10-30', observed_at: new Date().toISOString(), api_keys };
    });
    await auth.startInstance();
    gateway = await auth.startGateway();
    gateway.listen(credentialRevoked, async (event) => void revocations.push(event.payload));
    portal = new PortalUser(gateway);
    owner = await portal.owner();
  });
  afterAll(() => auth.stop());

  const create = (name = 'Production', principal = owner) =>
    gateway.request(createApiKey, { name, mode: 'live' }, { principal });
  const rotate = (id: string, overlap_seconds?: 0 | 3600 | 86_400 | 604_800, principal = owner) =>
    gateway.request(rotateApiKey, { id, ...(overlap_seconds ? { overlap_seconds } : {}) }, { principal });

  it('end at once without an overlap; the new one has their name and mode', async () => {
    const old = await create();
    const { api_key, replaced } = await rotate(old.id);
    expect(api_key).toMatchObject({
      name: 'Production',
      mode: 'live',
      created_by: owner.user_id,
      expires_at: null,
    });
    expect(api_key.key).not.toBe(old.key);
    expect(replaced).toMatchObject({ id: old.id, revoked_at: expect.any(String), expires_at: null });
    await expect(portal.verify('api_key', old.key)).rejects.toMatchObject(refused);
    expect(await portal.verify('api_key', api_key.key)).toMatchObject({ id: api_key.id, mode: 'live' });
    await eventually(() => expect(revocations).toContainEqual(expect.objectContaining({ id: old.id })));
    await expect(rotate(old.id)).rejects.toMatchObject(ended);
  });

  it('stay valid during the overlap, and show when they end', async () => {
    const old = await create();
    const { api_key, replaced } = await rotate(old.id, 3600);
    const left = Date.parse(replaced.expires_at as string) - Date.now();
    expect(left).toBeGreaterThan(3_590_000);
    expect(left).toBeLessThanOrEqual(3_600_000);
    const digest = credentialDigest(old.key);
    const verified = await gateway.request(verifyCredential, { kind: 'api_key', digest });
    expect(verified.expires_at).toBe(replaced.expires_at);
    await portal.verify('api_key', api_key.key);
    expect(revocations.map(({ id }) => id)).not.toContain(old.id);
    // Ages the key: the overlap is over.
    await auth.query(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [old.id]);
    await expect(portal.verify('api_key', old.key)).rejects.toMatchObject(refused);
    await portal.verify('api_key', api_key.key);
  });

  it('are replaced once, also by two at once', async () => {
    const old = await create();
    const outcomes = await Promise.allSettled([rotate(old.id, 3600), rotate(old.id, 3600)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: ended });
  });

  it('are replaced by owners of the partner only, never a foreign key, and only with a listed overlap', async () => {
    const old = await create();
    await expect(rotate(old.id, 0, { ...owner, role: 'viewer' })).rejects.toMatchObject({
      code: 'PLATFORM.FORBIDDEN',
    });
    const stranger = await portal.owner();
    const refusal = async (id: string) => {
      const error = await rotate(id, 0, stranger).catch((e) => e);
      return JSON.stringify({ ...error, message: error.message });
    };
    expect(await refusal(old.id)).toBe(await refusal(newId('apiKey')));
    expect(await refusal(old.id)).toContain('AUTH.API_KEY_NOT_FOUND');
    await expect(rotate(old.id, 60 as never)).rejects.toMatchObject({ code: 'PLATFORM.INVALID_INPUT' });
    await portal.verify('api_key', old.key);
  });

  it('are listed by mode and state, with their creator and use, in one request', async () => {
    const principal = await portal.owner();
    const [active, revoked, old] = [
      await create('active', principal),
      await create('revoked', principal),
      await create('old', principal),
    ];
    const test = await gateway.request(createApiKey, { name: 'test' }, { principal });
    await gateway.request(revokeApiKey, { id: revoked.id }, { principal });
    const { api_key: successor } = await rotate(old.id, 3600, principal);
    await auth.query(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [old.id]);
    const use = { last_call_at: '2026-11-28T10:00:00.000Z', days: [...Array(29).fill(0), 7] as number[] };
    used.set(active.id, use);

    const list = (query: object) => gateway.request(listApiKeys, query, { principal });
    const ids = async (query: object) => (await list(query)).data.map(({ id }) => id).sort();
    expect(await ids({ status: 'active' })).toEqual([active.id, successor.id, test.id].sort());
    expect(await ids({ status: 'revoked' })).toEqual([revoked.id]);
    expect(await ids({ status: 'expired' })).toEqual([old.id]);
    expect(await ids({ mode: 'test' })).toEqual([test.id]);
    expect(await ids({ mode: 'live', status: 'active' })).toEqual([active.id, successor.id].sort());

    requested.length = 0;
    const { data } = await list({ limit: 100 });
    expect(requested).toHaveLength(1);
    expect(requested[0]).toMatchObject({ partner_id: principal.partner_id });
    expect(data.find(({ id }) => id === active.id)).toMatchObject({
      created_by: principal.user_id,
      last_used_at: use.last_call_at,
      calls: { from: '2026-10-30', days: use.days, total: 7 },
    });
    expect(data.find(({ id }) => id === test.id)).toMatchObject({
      last_used_at: null,
      calls: { total: 0, days: Array(30).fill(0) },
    });
  });

  it('are read page by page by index, with a thousand of them', async () => {
    const principal = await portal.owner();
    // A thousand keys of this partner, among ten thousand of others.
    await auth.query(
      `with owners as (
         select $1::text as partner_id, $2::text as user_id
         union all select 'par_many_' || n, 'usr_many_' || n from generate_series(1, 10) n
       ), partner as (
         insert into partners (id, name, created_at) select partner_id, 'many', now() from owners on conflict do nothing
       ), person as (
         insert into users (id, email, password_hash, created_at)
         select user_id, user_id || '@example.com', '', now() from owners on conflict do nothing
       )
       insert into api_keys (id, partner_id, created_by, name, mode, digest, last4, created_at)
       select 'key_' || substr(md5(partner_id || n), 1, 22), partner_id, user_id, 'many', 'live',
         encode(sha256(convert_to(partner_id || n, 'UTF8')), 'hex'), '0000', now()
       from owners, generate_series(1, 1000) n on conflict do nothing`,
      [principal.partner_id, principal.user_id],
    );
    await auth.query('analyze api_keys');
    const [plan] = await auth.query<Record<string, unknown>>(
      `explain (format json) select id from (select *, case when revoked_at is not null then 'revoked' else 'active' end as status
         from api_keys) api_keys where partner_id = $1 and status = 'active' order by list_position desc limit 11`,
      [principal.partner_id],
    );
    expect(JSON.stringify(plan)).not.toContain('Seq Scan');
    const page = await gateway.request(listApiKeys, { limit: 100, status: 'active' }, { principal });
    expect([page.data.length, page.has_more]).toEqual([100, true]);
  });
});
