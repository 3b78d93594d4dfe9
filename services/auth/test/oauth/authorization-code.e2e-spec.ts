import {
  decideAuthorization,
  type getAuthorization,
  listApplicationAccess,
  listAudit,
  type OutputOf,
  removeApplicationAccess,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { CodeFlow } from './code-flow.ts';
import { OAuthUnderTest } from './oauth-under-test.ts';

describe('an application that acts for a person', () => {
  let oauth: OAuthUnderTest;
  let flow: CodeFlow;
  beforeAll(async () => {
    oauth = await OAuthUnderTest.start({ gateways: 2 });
    flow = new CodeFlow(oauth);
  });
  afterAll(() => oauth?.stop());

  it('asks on the page of the console, and gets what the person accepts', async () => {
    const { owner, app } = await flow.make();
    const begun = await flow.begin(owner, app, { scope: 'openid tickets:read' });
    const asked = await oauth.browse(owner, `/v1/authorizations/${begun.uid}`);
    expect([asked.status, await asked.json()]).toEqual([
      200,
      {
        object: 'authorization',
        uid: begun.uid,
        application: { id: app.id, name: app.name },
        partner: expect.objectContaining({ id: owner.principal.partner_id }),
        scopes: ['tickets:read'],
        granted: ['tickets:read'],
        identity: true,
        remembered: false,
        returns_to: 'app.example.com',
      },
    ]);
    const code = await flow.accept(owner, begun);
    const tokens = await flow.exchange(app, code, begun);
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'tickets:read' });
    expect(decodeJwt(tokens.id_token ?? '')).toMatchObject({ sub: owner.principal.user_id, aud: app.id });
    expect((await oauth.call(tokens.access_token, '/v1/tickets')).status).toBe(200);
    expect(oauth.echoed.at(-1)).toEqual({
      ...{ kind: 'application', id: app.id, user_id: owner.principal.user_id },
      ...{ partner_id: owner.principal.partner_id, role: 'none', mode: 'live' },
      permissions: ['tickets:read'],
    });
    await eventually(async () => {
      const { data } = await oauth.bus.request(listAudit, { limit: 20 }, { principal: owner.principal });
      const entries = data.map(({ action, actor, object_id, after }) => ({
        action,
        actor,
        object_id,
        after,
      }));
      const person = expect.objectContaining({ kind: 'person', id: owner.principal.user_id });
      expect(entries).toContainEqual({
        ...{ action: 'application.access_decided', actor: person, object_id: app.id },
        after: { accept: true, scopes: ['tickets:read'] },
      });
      expect(entries).toContainEqual({
        ...{ action: 'application.created', actor: person, object_id: app.id },
        after: expect.objectContaining({ kind: 'web', scopes: app.scopes }),
      });
      expect(JSON.stringify(data)).not.toContain(app.client_secret);
    });
    // Nothing that is about the person alone, and nothing that was not accepted.
    for (const path of ['/v1/me', '/v1/sessions', '/v1/usage', '/v1/me/applications', '/v1/api-keys'])
      expect((await oauth.call(tokens.access_token, path)).status).toBe(403);
  });

  it('is remembered for the same scopes, and asked again for more', async () => {
    const { owner, app } = await flow.make();
    const isRemembered = async (scope: string) => {
      const { uid } = await flow.begin(owner, app, { scope });
      const asked = await oauth.browse(owner, `/v1/authorizations/${uid}`);
      return ((await asked.json()) as OutputOf<typeof getAuthorization>).remembered;
    };
    expect(await isRemembered('tickets:read')).toBe(false);
    await flow.tokens(owner, app, { scope: 'tickets:read' });
    expect(await isRemembered('tickets:read')).toBe(true);
    expect(await isRemembered('tickets:read tickets:write')).toBe(false);
    expect(await isRemembered('openid tickets:read')).toBe(false);
  });

  it('gets a refusal, when the person refuses', async () => {
    const { owner, app } = await flow.make();
    const begun = await flow.begin(owner, app);
    const back = await flow.decide(owner, begun, false);
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error: 'access_denied',
      state: begun.state,
    });
    const { data } = await oauth.bus.request(listApplicationAccess, {}, { principal: owner.principal });
    expect(data).toEqual([]);
  });

  it('loses its access within a second, when the person removes it', async () => {
    const { owner, app } = await flow.make();
    const tokens = await flow.tokens(owner, app);
    for (const gateway of [0, 1])
      expect((await oauth.call(tokens.access_token, '/v1/tickets', gateway)).status).toBe(200);
    const listed = await oauth.bus.request(listApplicationAccess, {}, { principal: owner.principal });
    expect(listed.data).toMatchObject([
      { application: { id: app.id }, scopes: ['tickets:read', 'tickets:write'] },
    ]);
    await oauth.bus.request(removeApplicationAccess, { id: app.id }, { principal: owner.principal });
    const begun = Date.now();
    for (const gateway of [0, 1])
      await eventually(async () =>
        expect((await oauth.call(tokens.access_token, '/v1/tickets', gateway)).status).toBe(401),
      );
    expect(Date.now() - begun).toBeLessThan(1000);
    expect((await flow.refresh(app, tokens.refresh_token)).error).toBe('invalid_grant');
    await expect(
      oauth.bus.request(removeApplicationAccess, { id: app.id }, { principal: owner.principal }),
    ).rejects.toMatchObject({ code: 'AUTH.APPLICATION_NOT_FOUND' });
  });

  it('may do less at once, when the person may', async () => {
    const { owner, app } = await flow.make();
    const member = await flow.member(owner, 'developer');
    const tokens = await flow.tokens(member, app);
    const open = () =>
      oauth.fetch('/v1/tickets', {
        method: 'POST',
        headers: { authorization: `Bearer ${tokens.access_token}`, 'content-type': 'application/json' },
        body: '{}',
      });
    // The body is wrong: the permission was there.
    expect((await open()).status).toBe(400);
    await flow.setRole(owner, member, 'viewer');
    await eventually(async () => expect((await open()).status).toBe(403));
    expect((await oauth.call(tokens.access_token, '/v1/tickets')).status).toBe(200);
    await flow.removeMember(owner, member);
    await eventually(async () =>
      expect((await oauth.call(tokens.access_token, '/v1/tickets')).status).toBe(401),
    );
    // A person who comes back is asked again: nothing of before comes back.
    await oauth.auth.query(
      `insert into memberships (id, partner_id, user_id, role, created_at) values ($1, $2, $3, 'developer', now())`,
      [member.memberId, owner.principal.partner_id, member.principal.user_id],
    );
    expect((await flow.refresh(app, tokens.refresh_token)).error).toBe('invalid_grant');
    expect((await oauth.call(tokens.access_token, '/v1/tickets')).status).toBe(401);
    const { data } = await oauth.bus.request(listApplicationAccess, {}, { principal: member.principal });
    expect(data).toEqual([]);
  });

  it('is refused to the people of other partners, and to another browser', async () => {
    const { owner, app } = await flow.make();
    const stranger = await oauth.person();
    const strange = await flow.begin(stranger, app);
    const asked = await oauth.browse(stranger, `/v1/authorizations/${strange.uid}`);
    expect([asked.status, await asked.json()]).toMatchObject([
      403,
      { code: 'AUTH.OTHER_PARTNERS_APPLICATION' },
    ]);
    // The owner is made to open what somebody else has begun: without the cookie there is nothing to accept.
    const begun = await flow.begin(stranger, app);
    for (const person of [owner, { ...owner, cookies: new Map() }]) {
      const response = await oauth.browse(person, `/v1/authorizations/${begun.uid}/decision`, {
        method: 'POST',
        body: JSON.stringify({ accept: true }),
      });
      expect([response.status, await response.json()]).toMatchObject([
        404,
        { code: 'AUTH.AUTHORIZATION_NOT_FOUND' },
      ]);
    }
    // A forged cookie of the right form has no signature.
    const forged = new Map([['oauth_interaction', { value: begun.uid, path: '/v1/authorizations' }]]);
    const response = await oauth.browse({ ...owner, cookies: forged }, `/v1/authorizations/${begun.uid}`);
    expect(response.status).toBe(404);
    // A program cannot decide: the cookies come from the gateway alone.
    await expect(
      oauth.bus.request(
        decideAuthorization,
        { uid: begun.uid, accept: true },
        { principal: owner.principal },
      ),
    ).rejects.toMatchObject({ code: 'AUTH.AUTHORIZATION_NOT_FOUND' });
  });
});
