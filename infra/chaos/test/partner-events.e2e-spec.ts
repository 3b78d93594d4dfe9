import { allowedMs, eventually } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, PortalPeople } from '../src/matrix/portal-people.ts';
import { PortalUnderTest } from './portal-under-test.ts';
import { call } from './scim-directory.ts';

interface Stream {
  readonly status: number;
  /** The chains of the entries that have arrived. */
  readonly chains: () => string[];
  readonly isOpen: () => boolean;
  readonly close: () => void;
}

/** With what a request proves who sends it. */
type Credential = Readonly<Record<string, string>>;
const OWN_PAGE = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
const bearer = (token: string): Credential => ({ authorization: `Bearer ${token}` });

describe('the event streams of two partners, in a running portal', () => {
  let portal: PortalUnderTest;
  let people: PortalPeople;
  let ada: Person;
  let eve: Person;
  const opened: Stream[] = [];
  beforeAll(async () => {
    portal = await PortalUnderTest.start({});
    people = await PortalPeople.open(portal.system);
    [ada, eve] = [await people.register('Ada Energy'), await people.register('Eve Power')];
  }, 240_000);
  afterEach(() => {
    for (const { close } of opened.splice(0)) close();
  });
  afterAll(async () => {
    await people?.close();
    await portal?.stop();
  }, 60_000);

  const watch = async (headers: Credential): Promise<Stream> => {
    const abort = new AbortController();
    const response = await fetch(`${portal.system.url}/v1/events`, { headers, signal: abort.signal });
    let text = '';
    let isOpen = response.status === 200;
    void (async () => {
      const decoder = new TextDecoder();
      for await (const part of response.body ?? [])
        text += decoder.decode(part as Uint8Array, { stream: true });
    })()
      .catch(() => undefined)
      .finally(() => {
        isOpen = false;
      });
    const stream = {
      status: response.status,
      chains: () => [...text.matchAll(/"chain":"(\w+)"/g)].map(([, chain]) => chain ?? ''),
      isOpen: () => isOpen,
      close: () => abort.abort(),
    };
    opened.push(stream);
    if (isOpen) await eventually(() => text.includes('event: resync'));
    return stream;
  };
  /** An act of each partner, and the proof that both are in the log of their own partner. */
  const bothAct = async (own: Stream, foreign: Stream) => {
    const before = own.chains().length;
    await Promise.all([ada, eve].map(({ token }) => people.call('POST', '/v1/support-access', token, GRANT)));
    await eventually(() => expect(own.chains().length).toBeGreaterThan(before));
    await eventually(() => expect(foreign.chains().length).toBeGreaterThan(0));
  };
  /** A write of a page of the console: with the cookie of its session, and the token for writes. */
  const browse = async (path: string, session: Credential, body: object) => {
    const response = await fetch(`${portal.system.url}${path}`, {
      method: 'POST',
      headers: { ...OWN_PAGE, ...session },
      body: JSON.stringify(body),
    });
    const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it expects.
    const json = (await response.json()) as any;
    if (!response.ok) throw new Error(`${path} returned ${response.status}: ${JSON.stringify(json)}`);
    return { body: json, session: { ...OWN_PAGE, cookie, 'csrf-token': json.csrf_token ?? '' } };
  };
  const api = async (method: string, path: string, token: string, body: object) => {
    const answer = await call(`${portal.system.url}${path}`, method, token, body);
    expect(answer.status).toBe(200);
  };
  const GRANT = { access: 'read', hours: 1 };
  const endsAtOnce = async (stream: Stream, what: string, end: () => Promise<unknown>) => {
    expect(stream.isOpen()).toBe(true);
    await end();
    const since = performance.now();
    await eventually(() => expect(stream.isOpen()).toBe(false), { everyMs: 2 });
    const ms = performance.now() - since;
    process.stdout.write(`  ${what}: the stream ended ${ms.toFixed(0)} ms after the response\n`);
    expect(ms).toBeLessThan(allowedMs(1000));
  };

  it('show the entries of the own partner only', async () => {
    const [own, foreign] = [await watch(bearer(ada.token)), await watch(bearer(eve.token))];
    await bothAct(own, foreign);
    await bothAct(own, foreign);
    expect(new Set(own.chains())).toEqual(new Set([ada.partnerId]));
    expect(new Set(foreign.chains())).toEqual(new Set([eve.partnerId]));
  }, 60_000);

  it('end when the session changes to another partner, whose entries the next stream has', async () => {
    const login = { email: `grace-${Date.now()}@example.com`, password: 'correct horse battery' };
    const first = await browse('/v1/partners', {}, { name: 'Grace Grid', ...login });
    const entered = await browse('/v1/browser-sessions', {}, login);
    const second = await browse('/v1/me/memberships', entered.session, { name: 'Grace Water' });
    const stream = await watch(entered.session);
    let next: Credential = {};
    await endsAtOnce(stream, 'another partner', async () => {
      const body = { partner_id: second.body.partner.id };
      next = (await browse('/v1/browser-sessions/switch', entered.session, body)).session;
    });
    expect((await watch(entered.session)).status).toBe(401);
    const after = await watch(next);
    await browse('/v1/support-access', next, GRANT);
    await eventually(() => expect(after.chains()).toContain(second.body.partner.id));
    expect(new Set(after.chains())).toEqual(new Set([second.body.partner.id]));
    expect(new Set([first.body.partner.id, ...stream.chains()]).size).toBe(1);
  }, 60_000);

  it('end when the session is revoked', async () => {
    const token = await people.logIn(ada);
    const { principal } = await people.call<{ principal: { id: string } }>('GET', '/v1/me', token);
    await endsAtOnce(await watch(bearer(token)), 'revoked', () =>
      people.call('DELETE', `/v1/sessions/${principal.id}`, ada.token),
    );
    expect((await watch(bearer(token))).status).toBe(401);
  }, 60_000);

  it('end when the person gets a role that may not read the log', async () => {
    const token = await people.member(ada, 'admin', null);
    const stream = await watch(bearer(token));
    const { user } = await people.call<{ user: { email: string } }>('GET', '/v1/me', token);
    const { data } = await people.call<{ data: { id: string; email: string }[] }>(
      'GET',
      '/v1/members?limit=100',
      ada.token,
    );
    const member = data.find(({ email }) => email === user.email);
    await endsAtOnce(stream, 'another role', () =>
      api('PATCH', `/v1/members/${member?.id}`, ada.token, { role: 'viewer' }),
    );
    expect((await watch(bearer(token))).status).toBe(403);
  }, 60_000);

  it('end when the role of the partner’s own loses the permission', async () => {
    const role = await people.call<{ id: string }>('POST', '/v1/roles', ada.token, {
      ...{ name: 'Auditor', permissions: ['audit:read', 'usage:read'] },
    });
    const token = await people.member(ada, 'custom', role.id);
    const stream = await watch(bearer(token));
    await endsAtOnce(stream, 'a role with less', () =>
      api('PATCH', `/v1/roles/${role.id}`, ada.token, { permissions: ['usage:read'] }),
    );
    expect((await watch(bearer(token))).status).toBe(403);
  }, 60_000);

  it('end when the partner is suspended', async () => {
    const lin = await people.register('Lin Wind');
    const stream = await watch(bearer(lin.token));
    await endsAtOnce(stream, 'suspended', () =>
      people.call('POST', `/v1/admin/partners/${lin.partnerId}/suspend`, portal.admin, { reason: 'a test' }),
    );
    expect((await watch(bearer(lin.token))).status).toBe(403);
  }, 60_000);
});
