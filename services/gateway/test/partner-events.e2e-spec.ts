import * as contracts from '@gridworks/contracts';
import {
  allowedMs,
  eventually,
  type NatsServer,
  type RedisServer,
  startNats,
  startRedis,
} from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';
import { openStreams, type WatchedStream, watchEvents } from './watch-events.ts';

const PATH = '/v1/events';
/** Longer than any test: what ends a stream below is the event, not the check of each heartbeat. */
const HEARTBEAT_MS = 300_000;

describe('the event stream for people of partners', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  const opened: WatchedStream[] = [];
  const [partner, other] = [contracts.newId('partner'), contracts.newId('partner')];
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    const env = { GATEWAY_STREAM_HEARTBEAT_MS: String(HEARTBEAT_MS) };
    gateway = await startGateway({ nats, redisUrl: redis.url, env });
  });
  afterEach(async () => {
    for (const { close } of opened.splice(0)) close();
    await eventually(async () => expect(await openStreams(gateway)).toBe(0));
  });
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });

  const watch = async (bearer: string, path = PATH): Promise<WatchedStream> => {
    const stream = await watchEvents(gateway, path, bearer);
    opened.push(stream);
    if (stream.response.status === 200) await eventually(() => stream.seen.text.includes('event: resync'));
    return stream;
  };
  let sequence = 0;
  const append = async (chain: string): Promise<string> => {
    const id = contracts.newId('auditEntry');
    const at = new Date().toISOString();
    await services.bus('auth').publish(contracts.auditAppended, {
      ...{ id, action: 'api_key.created', chain, at },
      ...{ sequence: ++sequence, hash: '0'.repeat(64) },
    });
    return id;
  };
  const entries = ({ seen }: WatchedStream): string[] =>
    [...seen.text.matchAll(/event: audit\.appended\ndata: (.*)\n\n/g)].map(
      ([, data]) => JSON.parse(data!).id,
    );
  const owner = (partnerId = partner) => services.person('owner', partnerId);

  it('delivers the entries of the own partner, and nothing else', async () => {
    const [own, foreign, all] = [
      await watch(owner()),
      await watch(owner(other)),
      await watch(services.identities.admin, '/v1/admin/events'),
    ];
    const ids = [await append(partner), await append(contracts.PLATFORM_CHAIN), await append(other)];
    const pauseAt = new Date().toISOString();
    await services
      .bus('healer')
      .publish(contracts.pauseChanged, { id: contracts.newId('pause'), change: 'made', at: pauseAt });
    await eventually(() => all.seen.text.includes('pause.changed'));
    await eventually(() => expect(entries(all)).toEqual(ids));
    // Of one subject, events arrive in their order: what is not there before the last one does not come.
    const last = [await append(partner), await append(other)];
    await eventually(() => expect(entries(own)).toEqual([ids[0], last[0]]));
    await eventually(() => expect(entries(foreign)).toEqual([ids[2], last[1]]));
    for (const { seen } of [own, foreign])
      expect(new Set(seen.text.match(/^event: .*$/gm))).toEqual(
        new Set(['event: resync', 'event: audit.appended']),
      );
  });

  it('sends nobody of GridWorks what the role may not read', async () => {
    const [auditor, operator] = [
      await watch(services.identities.persons.platform_auditor, '/v1/admin/events'),
      await watch(services.identities.persons.platform_sre, '/v1/admin/events'),
    ];
    const id = await append(partner);
    await services.bus('healer').publish(contracts.patternChanged, { at: new Date().toISOString() });
    for (const { seen } of [auditor, operator])
      await eventually(() => seen.text.includes('event: pattern.changed'));
    await eventually(() => expect(entries(auditor)).toEqual([id]));
    expect(entries(operator)).toEqual([]);
  });

  it('is for those who may read the audit log, and for nobody in the name of a partner', async () => {
    const status = async (bearer: string) => (await watch(bearer)).response.status;
    const impersonator = { impersonator: contracts.newId('user'), access: 'write' as const };
    expect(await status(services.person('admin', partner))).toBe(200);
    expect(await status(services.person('custom', partner, { permissions: ['audit:read'] }))).toBe(200);
    for (const refused of [
      services.person('developer', partner),
      services.person('custom', partner, { permissions: ['usage:read'] }),
      services.person('owner', partner, impersonator),
      services.identities.admin,
      services.identities.key,
      services.identities.persons.none,
    ])
      expect(await status(refused)).toBe(403);
  });

  it.each([
    [
      'the session ends, as when it changes to another partner',
      (token: string) => services.bus('auth').publish(contracts.credentialRevoked, credentialOf(token)),
    ],
    [
      'its person loses the permission',
      (token: string) => {
        services.change(token, { role: 'viewer' });
        return services.bus('auth').publish(contracts.credentialChanged, credentialOf(token));
      },
    ],
    [
      'its partner is suspended',
      (token: string) =>
        services.bus('auth').publish(contracts.partnerSuspended, {
          ...{ partner_id: services.principalOf(token).partner_id ?? '', at: new Date().toISOString() },
        } as never),
    ],
  ])('ends within a second once %s, and the stream of others goes on', async (_what, end) => {
    const token = owner(contracts.newId('partner'));
    const [ending, going] = [await watch(token), await watch(owner())];
    const since = performance.now();
    await end(token);
    await eventually(() => expect(ending.seen.ended).toBe(true), { everyMs: 2 });
    const ms = performance.now() - since;
    process.stdout.write(`  ended after ${ms.toFixed(0)} ms\n`);
    expect(ms).toBeLessThan(allowedMs(1000));
    const id = await append(partner);
    await eventually(() => expect(entries(going)).toEqual([id]));
  });
  const credentialOf = (token: string) => {
    const { id } = services.principalOf(token);
    return { kind: 'session' as const, id, digest: contracts.credentialDigest(token) };
  };

  it('is opened eight times by one session and twenty times by one partner, and takes no room from calls', async () => {
    const one = owner();
    const statuses = async (tokens: string[]) =>
      (await Promise.all(tokens.map((token) => watch(token)))).map(({ response }) => response.status).sort();
    expect(await statuses(Array(9).fill(one))).toEqual([...Array(8).fill(200), 429]);
    expect(await statuses(Array.from({ length: 13 }, () => owner()))).toEqual([...Array(12).fill(200), 429]);
    expect(await statuses([owner(other)])).toEqual([200]);
    expect(await openStreams(gateway)).toBe(21);
    const metrics = await (await fetch(`${gateway.healthUrl}/metrics`)).text();
    expect(/^gateway_working_calls (\d+)$/m.exec(metrics)?.[1]).toBe('0');
  });
});

describe('the event stream of a partner whose change nobody told', () => {
  it('ends with the next check, when the session acts for another partner or with other permissions', async () => {
    const [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    const services = await FakeServices.start(nats);
    const env = { GATEWAY_STREAM_HEARTBEAT_MS: '200' };
    const gateway = await startGateway({ nats, redisUrl: redis.url, env });
    try {
      const partner = contracts.newId('partner');
      const tokens = ['owner', 'admin', 'custom'].map((role) =>
        services.person(role as 'owner', partner, { permissions: ['audit:read', 'usage:read'] }),
      );
      const all = await Promise.all(tokens.map((token) => watchEvents(gateway, PATH, token)));
      const [moved = '', lessened = '', kept = ''] = tokens;
      services.change(moved, { partner_id: contracts.newId('partner') });
      services.change(lessened, { role: 'viewer' });
      services.change(kept, { permissions: ['usage:read', 'audit:read'] });
      await eventually(() => expect(all.map(({ seen }) => seen.ended)).toEqual([true, true, false]));
      for (const { close } of all) close();
    } finally {
      await gateway.stop();
      await services.stop();
      await Promise.all([nats.stop(), redis.stop()]);
    }
  });
});
