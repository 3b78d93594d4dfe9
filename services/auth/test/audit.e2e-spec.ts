import type { Bus } from '@gridworks/bus';
import {
  type Act,
  type AuditEntry,
  auditAppended,
  createApiKey,
  getAuditEntry,
  listAllAudit,
  listAudit,
  newId,
  type PayloadOf,
  type Principal,
  revokeApiKey,
  updateApiKey,
} from '@gridworks/contracts';
import { runInContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { eventually } from '@gridworks/testing';
import { ADMIN, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditChain } from '../src/audit/audit-chain.ts';
import { AuditRetention } from '../src/audit/audit-retention.ts';
import { chainHash, FIRST_HASH } from '../src/audit/chain-hash.ts';
import { PASSWORD, PortalUser, startAuth } from './auth-under-test.ts';

interface Row extends Record<string, unknown> {
  readonly chain: string;
  readonly sequence: string;
  readonly entry: string;
  readonly previous_hash: string;
  readonly hash: string;
}

describe('the audit log', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  let database: Database;
  let retention: AuditRetention;
  const appended: PayloadOf<typeof auditAppended>[] = [];

  beforeAll(async () => {
    ({ auth } = await startAuth());
    const { module } = await auth.startInstance();
    database = module.get(Database);
    retention = module.get(AuditRetention);
    gateway = await auth.startGateway();
    gateway.listen(auditAppended, async (event) => void appended.push(event.payload));
    portal = new PortalUser(gateway);
  });
  afterAll(() => auth.stop());

  const entriesOf = async (principal: Principal, filter: object = {}): Promise<AuditEntry[]> =>
    (await gateway.request(listAudit, { limit: 100, ...filter }, { principal })).data;
  const rowsOf = (chain: string) =>
    auth.query<Row>(
      'select chain, sequence, entry, previous_hash, hash from audit_entries where chain = $1 order by sequence',
      [chain],
    );
  const actOf = (partnerId: string | null, object_id: string): Act => ({
    service: 'auth',
    at: new Date().toISOString(),
    partner_id: partnerId,
    actor: { kind: 'person', id: newId('user'), role: 'owner', impersonator: null },
    action: 'api_key.created',
    object_id,
    before: null,
    after: null,
    outcome: 'done',
    code: null,
    request_id: newId('request'),
    network: null,
    user_agent: null,
  });
  /** The chain is whole: numbers without gaps, each hash over the one before. */
  const expectWhole = (rows: readonly Row[]) => {
    let previous = FIRST_HASH;
    rows.forEach((row, at) => {
      expect(Number(row.sequence)).toBe(at + 1);
      expect(row.previous_hash).toBe(previous);
      expect(row.hash).toBe(chainHash(previous, row.entry));
      previous = row.hash;
    });
  };

  it('has an entry for each act: who, what, before and after, from where', async () => {
    const owner = await portal.owner();
    const origin = { network: '198.51.100.0/24', userAgent: 'Firefox/140 ü' };
    const context = {
      requestId: 'req_mine',
      traceparent: undefined,
      deadlineAt: undefined,
      principal: owner,
    };
    const [made, renamed] = await runInContext({ ...context, origin }, async () => {
      const key = await gateway.request(createApiKey, { name: 'First', mode: 'live' }, { principal: owner });
      const other = await gateway.request(updateApiKey, { id: key.id, name: 'Second' }, { principal: owner });
      for (const _ of [1, 2]) await gateway.request(revokeApiKey, { id: key.id }, { principal: owner });
      return [key, other];
    });
    expect(renamed?.name).toBe('Second');
    const entries = await eventually(async () => {
      const found = await entriesOf(owner);
      expect(found).toHaveLength(5);
      return found;
    });
    // Events of one service may arrive in another order; the time of the act is in the entry.
    const byTime = [...entries].sort((one, other) => (one.at < other.at ? -1 : 1));
    expect(byTime.map(({ action }) => action)).toEqual([
      'partner.registered',
      'session.created',
      'api_key.created',
      'api_key.changed',
      'api_key.revoked',
    ]);
    expect(byTime[3]).toMatchObject({
      object: 'audit_entry',
      chain: owner.partner_id,
      partner_id: owner.partner_id,
      actor: { kind: 'person', id: owner.user_id, role: 'owner', impersonator: null },
      object_kind: 'api_key',
      object_id: made?.id,
      before: { name: 'First' },
      after: { name: 'Second' },
      outcome: 'done',
      code: null,
      request_id: 'req_mine',
      network: '198.51.100.0/24',
      user_agent: 'Firefox/140 ü',
    });
    expect(byTime[2]).toMatchObject({ object_id: made?.id, after: { name: 'First', mode: 'live' } });
    expect(JSON.stringify(entries)).not.toContain((made as { key?: string }).key);
    expectWhole(await rowsOf(owner.partner_id as string));
    await eventually(() => expect(appended.map(({ id }) => id)).toContain(entries[0]?.id));
  });

  it('has refused log-ins in the chain of the account, and those to no account in that of the platform', async () => {
    const { partner, user } = await portal.register();
    await portal.logIn(user.email);
    await expect(portal.logIn(user.email, 'wrong password')).rejects.toMatchObject({
      code: 'AUTH.LOGIN_REFUSED',
    });
    await expect(portal.logIn('nobody@example.com', PASSWORD)).rejects.toMatchObject({
      code: 'AUTH.LOGIN_REFUSED',
    });
    const refused = { action: 'session.created', outcome: 'refused', code: 'AUTH.LOGIN_REFUSED' };
    await eventually(async () => {
      const own = (await rowsOf(partner.id)).map(({ entry }) => JSON.parse(entry));
      expect(own).toContainEqual(
        expect.objectContaining({ ...refused, actor: expect.objectContaining({ id: user.id }) }),
      );
      const platform = (await rowsOf('platform')).map(({ entry }) => JSON.parse(entry));
      expect(platform).toContainEqual(
        expect.objectContaining({
          ...refused,
          actor: expect.objectContaining({ kind: 'anonymous', id: null }),
        }),
      );
      expect(JSON.stringify(platform)).not.toContain('nobody@example.com');
    });
  });

  it('has one entry for a call with an idempotency key, however often it is made', async () => {
    const owner = await portal.owner();
    const idempotencyKey = newId('request');
    const call = () => gateway.request(createApiKey, { name: 'Once' }, { principal: owner, idempotencyKey });
    const [first, second] = [await call(), await call()];
    expect(second).toEqual(first);
    await gateway.request(createApiKey, { name: 'Last' }, { principal: owner });
    await eventually(async () => {
      const made = (await entriesOf(owner, { action: 'api_key.created' })).map(({ object_id }) => object_id);
      expect(made).toHaveLength(2);
      expect(made.filter((id) => id === first.id)).toHaveLength(1);
    });
  });

  it('keeps an entry only with its effect', async () => {
    const owner = await portal.owner();
    const missing = newId('apiKey');
    const refused = gateway.request(updateApiKey, { id: missing, name: 'X' }, { principal: owner });
    await expect(refused).rejects.toMatchObject({ code: 'AUTH.API_KEY_NOT_FOUND' });
    await gateway.request(createApiKey, {}, { principal: owner });
    await eventually(async () =>
      expect(await entriesOf(owner, { action: 'api_key.created' })).toHaveLength(1),
    );
    expect(await entriesOf(owner, { action: 'api_key.changed' })).toEqual([]);
  });

  it('is one unbroken chain after 50 simultaneous writers', async () => {
    const partnerId = newId('partner');
    const chain = new AuditChain();
    const ids = Array.from({ length: 50 }, () => newId('apiKey'));
    await Promise.all(
      ids.map((id) =>
        database.transaction(async (tx) => void (await chain.append(tx, actOf(partnerId, id)))),
      ),
    );
    const rows = await rowsOf(partnerId);
    expect(rows).toHaveLength(50);
    expect(new Set(rows.map(({ entry }) => JSON.parse(entry).object_id))).toEqual(new Set(ids));
    expectWhole(rows);
    const order = await auth.query<{ sequence: string }>(
      'select sequence from audit_entries where chain = $1 order by list_position',
      [partnerId],
    );
    expect(order.map(({ sequence }) => Number(sequence))).toEqual(rows.map((_, at) => at + 1));
  });

  it('can neither be changed nor shortened, not even by its owner through the table or a partition', async () => {
    const owner = await portal.owner();
    await eventually(async () => expect(await rowsOf(owner.partner_id as string)).not.toEqual([]));
    const [{ part }] = (await auth.query(
      `select 'audit_entries_' || to_char(now() at time zone 'UTC', 'YYYYMM') as part`,
    )) as [{ part: string }];
    for (const table of ['audit_entries', part])
      for (const sql of [`update ${table} set entry = entry`, `delete from ${table}`, `truncate ${table}`])
        await expect(auth.query(sql)).rejects.toThrow(/permission denied|append-only/);
    // The superuser has every right; the trigger refuses it all the same.
    const superuser = new URL(auth.postgres.url);
    superuser.pathname = new URL(auth.databaseUrl).pathname;
    for (const table of ['auth.audit_entries', `auth.${part}`])
      for (const sql of [`update ${table} set entry = entry`, `delete from ${table}`, `truncate ${table}`])
        await expect(auth.postgres.query(sql, [], superuser.href)).rejects.toThrow(/append-only/);
  });

  it('is searched by actor, action, object, time and text, page by page, within the own chain only', async () => {
    const owner = await portal.owner();
    const other = await portal.owner();
    const keys: string[] = [];
    for (const name of ['Anna', 'Berta', 'Carla'])
      keys.push((await gateway.request(createApiKey, { name }, { principal: owner })).id);
    const all = await eventually(async () => {
      const entries = await entriesOf(owner);
      expect(entries).toHaveLength(5);
      return entries;
    });
    const ids = all.map(({ id }) => id);
    expect((await entriesOf(owner, { limit: 2 })).map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect((await entriesOf(owner, { limit: 2, starting_after: ids[1] })).map(({ id }) => id)).toEqual(
      ids.slice(2, 4),
    );
    expect((await entriesOf(owner, { ending_before: ids[2] })).map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect((await entriesOf(owner, { query: 'bert' })).map(({ object_id }) => object_id)).toEqual([keys[1]]);
    expect(await entriesOf(owner, { object_id: keys[2] })).toHaveLength(1);
    expect(await entriesOf(owner, { action: 'api_key.created' })).toHaveLength(3);
    expect((await entriesOf(owner, { actor: owner.user_id })).length).toBeGreaterThanOrEqual(4);
    expect(await entriesOf(owner, { to: all[4]?.recorded_at })).toEqual([]);
    expect(await entriesOf(owner, { from: all[4]?.recorded_at })).toHaveLength(5);
    expect(await entriesOf(other, { object_id: keys[0] })).toEqual([]);
    const read = (principal: Principal) =>
      gateway.request(getAuditEntry, { id: ids[0] as string }, { principal });
    expect(await read(owner)).toEqual(all[0]);
    await expect(read(other)).rejects.toMatchObject({ code: 'AUTH.AUDIT_ENTRY_NOT_FOUND' });
    const admin = { principal: ADMIN };
    const seen = await gateway.request(
      listAllAudit,
      { chain: owner.partner_id as string, limit: 100 },
      admin,
    );
    expect(seen.data).toEqual(all);
    expect((await gateway.request(listAllAudit, { object_id: keys[0] }, admin)).data).toHaveLength(1);
    await expect(gateway.request(listAllAudit, {}, { principal: owner })).rejects.toMatchObject({
      code: 'PLATFORM.FORBIDDEN',
    });
  });

  it('drops whole months, and keeps the hash of the last entry that went', async () => {
    const partnerId = newId('partner');
    const chain = new AuditChain();
    const append = (at: string) =>
      database.transaction(async (tx) => void (await chain.append(tx, actOf(partnerId, at), new Date(at))));
    for (const at of ['2019-01-31T23:00:00Z', '2019-02-01T00:00:00Z', '2019-02-28T12:00:00Z'])
      await append(at);
    await append(new Date().toISOString());
    const before = await rowsOf(partnerId);
    expectWhole(before);
    await retention.run(new Date());
    expect(await rowsOf(partnerId)).toEqual(before.slice(3));
    const [anchor] = await auth.query(
      'select anchor_sequence::int, anchor_hash from audit_chains where id = $1',
      [partnerId],
    );
    expect(anchor).toEqual({ anchor_sequence: 3, anchor_hash: before[2]?.hash });
    await append(new Date().toISOString());
    expect((await rowsOf(partnerId)).map(({ sequence }) => Number(sequence))).toEqual([4, 5]);
  });
});
