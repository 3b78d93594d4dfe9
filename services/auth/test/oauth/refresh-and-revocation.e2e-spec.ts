import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CodeFlow } from './code-flow.ts';
import { OAuthUnderTest } from './oauth-under-test.ts';

describe('tokens', () => {
  let oauth: OAuthUnderTest;
  let flow: CodeFlow;
  beforeAll(async () => {
    oauth = await OAuthUnderTest.start({ gateways: 2 });
    flow = new CodeFlow(oauth);
  });
  afterAll(() => oauth?.stop());

  const status = async (token: string, gateway = 0) =>
    (await oauth.call(token, '/v1/tickets', gateway)).status;
  /** At every gateway, within a second. */
  async function isRefusedSoon(token: string): Promise<void> {
    const begun = Date.now();
    for (const gateway of [0, 1])
      await eventually(async () => expect(await status(token, gateway)).toBe(401));
    expect(Date.now() - begun).toBeLessThan(1000);
  }
  const introspect = async (app: Parameters<OAuthUnderTest['post']>[2], token: string) =>
    (await (await oauth.post('/oauth/introspect', { token }, app)).json()) as Record<string, unknown>;

  it('are refreshed, each refresh token once; a second use ends them all', async () => {
    const { owner, app } = await flow.make();
    const first = await flow.tokens(owner, app);
    const second = await flow.refresh(app, first.refresh_token, 1);
    expect(second).toMatchObject({ scope: 'tickets:read tickets:write', refresh_token: expect.any(String) });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    for (const token of [first.access_token, second.access_token])
      for (const gateway of [0, 1]) expect(await status(token, gateway)).toBe(200);
    expect((await flow.refresh(app, first.refresh_token)).error).toBe('invalid_grant');
    await isRefusedSoon(first.access_token);
    await isRefusedSoon(second.access_token);
    expect((await flow.refresh(app, second.refresh_token ?? '')).error).toBe('invalid_grant');
  });

  it('come once of a refresh token, however many ask at the same time', async () => {
    const { owner, app } = await flow.make();
    const { refresh_token: token } = await flow.tokens(owner, app);
    const responses = await Promise.all(
      Array.from({ length: 8 }, (_, index) => flow.refresh(app, token, index % 2)),
    );
    expect(responses.filter(({ error }) => error === undefined).length).toBeLessThanOrEqual(1);
    // One of the eight was a theft, for all that anybody knows: nothing is left.
    for (const { refresh_token: next } of responses)
      if (next) expect((await flow.refresh(app, next)).error).toBe('invalid_grant');
  });

  it('come once of a code, however many ask at the same time', async () => {
    const { owner, app } = await flow.make();
    const begun = await flow.begin(owner, app);
    const code = await flow.accept(owner, begun);
    const responses = await Promise.all(
      Array.from({ length: 8 }, (_, index) => flow.exchange(app, code, begun, {}, index % 2)),
    );
    const got = responses.filter(({ error }) => error === undefined);
    expect(got.length).toBeLessThanOrEqual(1);
    for (const { access_token: token } of got) await isRefusedSoon(token);
  });

  it('of a native application need no secret, and any port of this machine', async () => {
    const { owner, app } = await flow.make({
      ...{ kind: 'native', redirect_uris: ['http://127.0.0.1/callback'] },
    });
    expect(app.client_secret).toBeNull();
    const tokens = await flow.tokens(owner, app, { redirect_uri: 'http://127.0.0.1:51234/callback' });
    expect(await status(tokens.access_token)).toBe(200);
    expect(await flow.refresh(app, tokens.refresh_token)).toHaveProperty('access_token');
  });

  it('are introspected by their own client alone', async () => {
    const { owner, app } = await flow.make();
    const tokens = await flow.tokens(owner, app, { scope: 'openid tickets:read' });
    expect(await introspect(app, tokens.access_token)).toMatchObject({
      ...{ active: true, token_type: 'Bearer', client_id: app.id, sub: owner.principal.user_id },
      ...{ scope: 'tickets:read', iss: 'https://portal.example', aud: 'https://portal.example' },
      exp: expect.any(Number),
    });
    expect(await introspect(app, tokens.refresh_token)).toMatchObject({ active: true, client_id: app.id });
    const { app: machine } = await flow.make({ kind: 'service', redirect_uris: [] });
    for (const token of [tokens.access_token, tokens.refresh_token, tokens.id_token ?? '', 'junk'])
      expect(await introspect(machine, token)).toEqual({ active: false });
    expect(await introspect(app, tokens.id_token ?? '')).toEqual({ active: false });
    const { access_token: own } = await oauth.machineToken(machine);
    expect(await introspect(machine, own)).toMatchObject({ active: true, sub: machine.id });
    const nobody = await oauth.post('/oauth/introspect', { token: own, client_id: machine.id });
    expect(nobody.status).toBe(401);
  });

  it('are revoked by their own client alone, and refused within a second at every gateway', async () => {
    const { owner, app } = await flow.make();
    const tokens = await flow.tokens(owner, app);
    for (const gateway of [0, 1]) expect(await status(tokens.access_token, gateway)).toBe(200);
    const { app: other } = await flow.make();
    const refused = await oauth.post('/oauth/revoke', { token: tokens.access_token }, other);
    expect([refused.status, await status(tokens.access_token)]).toEqual([400, 200]);
    const revoked = await oauth.post('/oauth/revoke', { token: tokens.access_token }, app);
    expect([revoked.status, await revoked.text()]).toEqual([200, '']);
    await isRefusedSoon(tokens.access_token);
    expect(await introspect(app, tokens.access_token)).toEqual({ active: false });
    // What is unknown is revoked already (RFC 7009).
    expect((await oauth.post('/oauth/revoke', { token: 'junk' }, app)).status).toBe(200);
    // The refresh token goes on, and takes the rest with it when it is revoked.
    const next = await flow.refresh(app, tokens.refresh_token);
    expect(await status(next.access_token)).toBe(200);
    expect((await oauth.post('/oauth/revoke', { token: next.refresh_token ?? '' }, app)).status).toBe(200);
    await isRefusedSoon(next.access_token);
  });
});
