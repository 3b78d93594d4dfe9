import type { Bus } from '@gridworks/bus';
import {
  createApiKey,
  createExplorerKey,
  credentialChanged,
  credentialDigest,
  getApiKey,
  type InputOf,
  KEY_SCOPES,
  type OutputOf,
  type PayloadOf,
  type Principal,
  revokeApiKey,
  rotateApiKey,
  updateApiKey,
  verifyCredential,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PortalUser, startAuth } from './auth-under-test.ts';

const DAY_MS = 86_400_000;
const refused = { code: 'AUTH.CREDENTIAL_REFUSED' };
const ended = { code: 'AUTH.API_KEY_ENDED' };
const aboveOwnRole = { code: 'AUTH.ABOVE_OWN_ROLE', kind: 'forbidden' };

describe('the rules of an API key', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  let owner: Principal;
  /** May make keys, and do nothing else but read usage. */
  let keyMaker: Principal;
  const changes: PayloadOf<typeof credentialChanged>[] = [];

  beforeAll(async () => {
    ({ auth } = await startAuth());
    await auth.startInstance();
    gateway = await auth.startGateway();
    gateway.listen(credentialChanged, async (event) => void changes.push(event.payload));
    portal = new PortalUser(gateway);
    owner = await portal.owner();
    keyMaker = { ...owner, role: 'custom', permissions: ['api-keys:read', 'api-keys:write', 'usage:read'] };
  });
  afterAll(() => auth.stop());

  const create = (input: InputOf<typeof createApiKey> = {}, principal = owner) =>
    gateway.request(createApiKey, input, { principal });
  const update = (id: string, change: Omit<InputOf<typeof updateApiKey>, 'id'>, principal = owner) =>
    gateway.request(updateApiKey, { id, ...change }, { principal });
  const rotate = (id: string, overlap_seconds: 0 | 3600 = 0, principal = owner) =>
    gateway.request(rotateApiKey, { id, overlap_seconds }, { principal });
  const verified = (key: string): Promise<OutputOf<typeof verifyCredential>> =>
    gateway.request(verifyCredential, { kind: 'api_key', digest: credentialDigest(key) });
  const expire = (id: string) =>
    auth.query(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [id]);

  describe('limits', () => {
    const limits = [
      { name: 'burst', quota: 100, window_s: 60 },
      { name: 'nightly-job', quota: 5000, window_s: 86_400 },
    ];

    it('are stored, told to the gateway, kept by a replacement, and changed', async () => {
      const made = await create({ limits });
      expect(made.limits).toEqual(limits);
      expect((await verified(made.key)).limits).toEqual(limits);
      expect((await rotate(made.id, 3600)).api_key.limits).toEqual(limits);
      const other = [{ name: 'daily', quota: 10, window_s: 86_400 }];
      expect(await update(made.id, { limits: other })).toMatchObject({ limits: other });
      const event = { kind: 'api_key', id: made.id, digest: credentialDigest(made.key) };
      await eventually(() => expect(changes).toContainEqual(event));
      await eventually(async () => {
        const [entry] = await auth.query<{ entry: string }>(
          `select entry from audit_entries where object_id = $1 and action = 'api_key.changed'`,
          [made.id],
        );
        expect(JSON.parse(entry?.entry ?? '{}')).toMatchObject({
          before: { limits },
          after: { limits: other },
        });
      });
      await update(made.id, { limits: [] });
      expect(await verified(made.key)).not.toHaveProperty('limits');
    });

    it('have a name each, a quota and a window that fits the name', async () => {
      const [burst] = limits as [(typeof limits)[number]];
      for (const wrong of [
        [burst, burst],
        [{ ...burst, window_s: 61 }],
        [{ ...burst, quota: 0 }],
        [{ ...burst, name: 'Not a name' }],
        [{ ...burst, window_s: 86_401 }],
        Array.from({ length: 5 }, (_, index) => ({ ...burst, name: `limit-${index}` })),
      ])
        await expect(create({ limits: wrong })).rejects.toMatchObject({ code: 'PLATFORM.INVALID_INPUT' });
    });
  });

  describe('scopes', () => {
    it('are everything that keys may do, unless some are chosen', async () => {
      const all = await create();
      expect(all.scopes).toBeNull();
      expect((await verified(all.key)).principal).not.toHaveProperty('permissions');
      const narrow = await create({ scopes: ['usage:read', 'tickets:read'] });
      expect(narrow.scopes).toEqual(['usage:read', 'tickets:read']);
      expect((await verified(narrow.key)).principal.permissions).toEqual(['usage:read', 'tickets:read']);
      expect(await gateway.request(getApiKey, { id: narrow.id }, { principal: owner })).toMatchObject({
        scopes: ['usage:read', 'tickets:read'],
      });
    });

    it('are only what a key may hold, each once, and never none', async () => {
      expect(KEY_SCOPES).not.toContain('api-keys:write');
      for (const scopes of [
        ['api-keys:write'],
        ['members:read'],
        ['usage:read', 'usage:read'],
        [],
        ['nonsense'],
      ])
        await expect(create({ scopes: scopes as never })).rejects.toMatchObject({
          code: 'PLATFORM.INVALID_INPUT',
        });
    });

    it('are changed, and every gateway is told', async () => {
      const made = await create({ scopes: ['usage:read'] });
      expect(await update(made.id, { scopes: ['tickets:read'] })).toMatchObject({ scopes: ['tickets:read'] });
      expect((await verified(made.key)).principal.permissions).toEqual(['tickets:read']);
      const event = { kind: 'api_key', id: made.id, digest: credentialDigest(made.key) };
      await eventually(() => expect(changes).toContainEqual(event));
      expect(await update(made.id, { scopes: null })).toMatchObject({ scopes: null, name: made.name });
      expect((await verified(made.key)).principal).not.toHaveProperty('permissions');
    });

    it('tell nobody of another name', async () => {
      const made = await create();
      await update(made.id, { name: 'Another' });
      const rows = await auth.query(`select 1 from outbox where event->'data'->>'id' = $1`, [made.id]);
      expect(rows).toEqual([]);
    });

    it('are kept by a replacement', async () => {
      const old = await create({ scopes: ['usage:read'] });
      expect((await rotate(old.id)).api_key.scopes).toEqual(['usage:read']);
    });

    it('never exceed what their maker may do', async () => {
      await expect(create({ scopes: ['tickets:write'] }, keyMaker)).rejects.toMatchObject({
        ...aboveOwnRole,
        message: expect.stringContaining('tickets:write'),
      });
      await expect(create({ scopes: null }, keyMaker)).rejects.toMatchObject(aboveOwnRole);
      // What every person may do belongs to the default.
      expect((await create({}, keyMaker)).scopes).toEqual(['identity:read', 'plans:read', 'usage:read']);
      const made = await create({ scopes: ['usage:read'] });
      await expect(update(made.id, { scopes: ['tickets:read'] }, keyMaker)).rejects.toMatchObject(
        aboveOwnRole,
      );
      await expect(update(made.id, { scopes: null }, keyMaker)).rejects.toMatchObject(aboveOwnRole);
      const wide = await create({ scopes: ['usage:read', 'tickets:write'] });
      await expect(rotate(wide.id, 0, keyMaker)).rejects.toMatchObject(aboveOwnRole);
      await verified(wide.key);
      // Whoever may revoke a key may take a scope from it.
      expect(await update(wide.id, { scopes: ['usage:read'] }, keyMaker)).toMatchObject({
        scopes: ['usage:read'],
      });
      expect((await rotate(wide.id, 0, keyMaker)).api_key.scopes).toEqual(['usage:read']);
    });
  });

  describe('an end', () => {
    it('is a time, or in days', async () => {
      const at = new Date(Date.now() + 7 * DAY_MS).toISOString();
      const made = await create({ expires_at: at });
      expect(made.expires_at).toBe(at);
      expect(made.replaced_at).toBeNull();
      expect((await verified(made.key)).expires_at).toBe(at);
      const inDays = await create({ expires_in_days: 30 });
      const left = Date.parse(inDays.expires_at as string) - Date.now();
      expect(left).toBeGreaterThan(30 * DAY_MS - 60_000);
      expect(left).toBeLessThanOrEqual(30 * DAY_MS);
      await expire(made.id);
      await expect(verified(made.key)).rejects.toMatchObject(refused);
      await expect(rotate(made.id)).rejects.toMatchObject(ended);
      for (const change of [{ expires_in_days: 1 }, { scopes: null }, { allowed_networks: [] }])
        await expect(update(made.id, change)).rejects.toMatchObject(ended);
      expect(await update(made.id, { name: 'Old one' })).toMatchObject({ name: 'Old one' });
    });

    it.each([
      [{ expires_at: new Date(Date.now() - 1000).toISOString() }, '/expires_at'],
      [{ expires_at: new Date(Date.now() + 4000 * DAY_MS).toISOString() }, '/expires_at'],
      [{ expires_at: 'tomorrow' }, '/expires_at'],
      [{ expires_in_days: 0 }, '/expires_in_days'],
      [{ expires_in_days: 1.5 }, '/expires_in_days'],
      [{ expires_in_days: 1, expires_at: null }, '/expires_in_days'],
    ])('of %j is refused', async (expiry, pointer) => {
      const invalid = { code: 'PLATFORM.INVALID_INPUT', problems: [expect.objectContaining({ pointer })] };
      await expect(create(expiry as never)).rejects.toMatchObject(invalid);
      const { id } = await create();
      await expect(update(id, expiry as never)).rejects.toMatchObject(invalid);
    });

    it('is moved and taken away, and every gateway is told', async () => {
      const made = await create({ expires_in_days: 1 });
      const moved = await update(made.id, { expires_in_days: 90 });
      expect(Date.parse(moved.expires_at as string)).toBeGreaterThan(Date.now() + 89 * DAY_MS);
      expect(await update(made.id, { expires_at: null })).toMatchObject({ expires_at: null });
      await eventually(() => expect(changes.filter(({ id }) => id === made.id)).toHaveLength(2));
    });

    it('does not prevent a replacement, which lives for as long', async () => {
      const old = await create({ expires_in_days: 90 });
      const { api_key, replaced } = await rotate(old.id, 3600);
      expect(Date.parse(api_key.expires_at as string)).toBeGreaterThan(Date.now() + 89 * DAY_MS);
      expect(Date.parse(replaced.expires_at as string)).toBeLessThanOrEqual(Date.now() + 3_600_000);
      expect(replaced.replaced_at).not.toBeNull();
      await expect(update(old.id, { expires_at: null })).rejects.toMatchObject(ended);
      await expect(rotate(old.id)).rejects.toMatchObject(ended);
    });

    it('of a key before the end of the overlap stays', async () => {
      const at = new Date(Date.now() + 60_000).toISOString();
      const old = await create({ expires_at: at });
      expect((await rotate(old.id, 3600)).replaced.expires_at).toBe(at);
    });

    it('of an explorer key, its scopes and its networks are fixed', async () => {
      const made = await gateway.request(createExplorerKey, {}, { principal: owner });
      for (const change of [{ expires_at: null }, { scopes: null }, { allowed_networks: [] }])
        await expect(update(made.id, change)).rejects.toMatchObject({ code: 'AUTH.API_KEY_NOT_ROTATABLE' });
    });
  });

  describe('networks', () => {
    it('are told to the gateway, changed, and kept by a replacement', async () => {
      const networks = ['203.0.113.0/24', '198.51.100.7', '2001:db8::/32', '2001:db8:1::5'];
      const made = await create({ allowed_networks: networks });
      expect(made.allowed_networks).toEqual(networks);
      expect((await verified(made.key)).allowed_networks).toEqual(networks);
      const { api_key } = await rotate(made.id);
      expect(api_key.allowed_networks).toEqual(networks);
      await update(api_key.id, { allowed_networks: [] });
      expect(await verified(api_key.key)).not.toHaveProperty('allowed_networks');
      await eventually(() => expect(changes.map(({ id }) => id)).toContain(api_key.id));
    });

    it.each([
      [['203.0.113.0/33']],
      [['203.0.113']],
      [['2001:db8::/129']],
      [['portal.example']],
      [['203.0.113.0/24 ']],
      [Array.from({ length: 21 }, (_, i) => `203.0.113.${i}`)],
    ])('of %j are refused', async (allowed_networks) => {
      await expect(create({ allowed_networks })).rejects.toMatchObject({ code: 'PLATFORM.INVALID_INPUT' });
    });
  });

  it('cannot be changed after it was revoked', async () => {
    const made = await create();
    await gateway.request(revokeApiKey, { id: made.id }, { principal: owner });
    await expect(update(made.id, { scopes: ['usage:read'] })).rejects.toMatchObject(ended);
  });

  it('is checked without writing anything', async () => {
    const made = await create({ scopes: ['usage:read'], allowed_networks: ['203.0.113.0/24'] });
    const row = () => auth.query('select ctid::text, xmin::text from api_keys where id = $1', [made.id]);
    const before = await row();
    const counted = 'select pg_snapshot_xmax(pg_current_snapshot())::text as xid';
    // The outbox of what was made before is published first. Each transaction that writes takes an id.
    await eventually(async () => {
      const [from] = await auth.query<{ xid: string }>(counted);
      for (let check = 0; check < 200; check++) await verified(made.key);
      const [to] = await auth.query<{ xid: string }>(counted);
      expect(Number(to?.xid) - Number(from?.xid)).toBeLessThan(20);
    });
    expect(await row()).toEqual(before);
  });
});
