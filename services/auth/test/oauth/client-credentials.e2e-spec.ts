import {
  getApplication,
  listApplications,
  newId,
  resumePartner,
  revokeApplication,
  rotateApplicationSecret,
  suspendPartner,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { asAdmin } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { ISSUER, type MadeApplication, OAuthUnderTest, type TokenResponse } from './oauth-under-test.ts';

describe('a service account', () => {
  let oauth: OAuthUnderTest;
  beforeAll(async () => {
    oauth = await OAuthUnderTest.start({ gateways: 2 });
  });
  afterAll(() => oauth?.stop());

  const make = async (scopes: MadeApplication['scopes'] = ['identity:read', 'tickets:read']) => {
    const owner = await oauth.person();
    const name = 'Nightly import';
    return { owner, app: await oauth.application(owner.principal, { name, scopes: scopes as [] }) };
  };

  it('gets a token by client credentials, that jose verifies by the JWKS and the API accepts', async () => {
    const { owner, app } = await make();
    expect(app).toMatchObject({ object: 'application', kind: 'service', client_secret: expect.any(String) });
    const response = await oauth.post('/oauth/token', { grant_type: 'client_credentials' }, app);
    const token = (await response.json()) as TokenResponse;
    expect([response.status, token]).toEqual([
      200,
      {
        access_token: expect.any(String),
        expires_in: 600,
        scope: 'identity:read tickets:read',
        token_type: 'Bearer',
      },
    ]);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const jwks = createRemoteJWKSet(new URL(`${oauth.gateways[0]?.url}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await jwtVerify(token.access_token, jwks, {
      ...{ issuer: ISSUER, audience: ISSUER, typ: 'at+jwt', algorithms: ['EdDSA'] },
    });
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: expect.any(String) });
    expect(payload).toMatchObject({
      ...{ sub: app.id, client_id: app.id, partner_id: owner.principal.partner_id },
    });
    const me = await oauth.call(token.access_token);
    expect([me.status, await me.json()]).toMatchObject([
      200,
      {
        principal: {
          ...{ kind: 'service_account', id: app.id, partner_id: owner.principal.partner_id },
          ...{ user_id: null, role: 'none', permissions: ['identity:read', 'tickets:read'] },
        },
        user: null,
      },
    ]);
    expect((await oauth.call(token.access_token, '/v1/tickets')).status).toBe(200);
    expect(oauth.echoed.at(-1)).toMatchObject({ kind: 'service_account', id: app.id });
    const refused = await oauth.call(token.access_token, '/v1/usage');
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { code: 'PLATFORM.FORBIDDEN', detail: 'This access token lacks the scope usage:read.' },
    ]);
    // No token makes applications or keys, and none is a person.
    for (const path of ['/v1/applications', '/v1/api-keys', '/v1/me/applications', '/v1/sessions'])
      expect((await oauth.call(token.access_token, path)).status).toBe(403);
    await eventually(async () => {
      const { data } = await oauth.bus.request(listApplications, {}, { principal: owner.principal });
      expect(data[0]?.last_used_at).not.toBeNull();
    });
  });

  it('gets no more than it asks for, and no more than it has', async () => {
    const { app } = await make();
    const { access_token, scope } = await oauth.machineToken(app, { scope: 'tickets:read usage:read' });
    expect(scope).toBe('tickets:read');
    expect((await oauth.call(access_token)).status).toBe(403);
    const elsewhere = await oauth.machineToken(app, { resource: 'https://other.example' });
    expect(elsewhere.error).toBe('invalid_target');
    for (const grant of ['password', 'authorization_code', 'refresh_token', 'implicit'])
      expect((await oauth.post('/oauth/token', { grant_type: grant }, app)).status).toBe(400);
  });

  it('has another secret at once, and the old one until the overlap is over', async () => {
    const { owner, app } = await make();
    const rotate = (overlap_seconds: 0 | 3600) =>
      oauth.bus.request(
        rotateApplicationSecret,
        { id: app.id, overlap_seconds },
        { principal: owner.principal },
      );
    const second = await rotate(3600);
    expect(second.old_secret_expires_at).not.toBeNull();
    for (const secret of [app.client_secret, second.client_secret])
      expect(await oauth.machineToken({ ...app, client_secret: secret })).toHaveProperty('access_token');
    // The overlap ends: nothing but the time changes.
    await oauth.auth.query(`update applications set old_secret_expires_at = now() where id = $1`, [app.id]);
    expect((await oauth.machineToken(app)).error).toBe('invalid_client');
    expect(await oauth.machineToken(second)).toHaveProperty('access_token');
    const third = await rotate(0);
    expect((await oauth.machineToken(second)).error).toBe('invalid_client');
    expect(await oauth.machineToken(third)).toHaveProperty('access_token');
    const rows = await oauth.auth.query('select * from applications where id = $1', [app.id]);
    expect(JSON.stringify(rows)).not.toContain(third.client_secret);
  });

  it('is refused within a second at every gateway once it is revoked', async () => {
    const { owner, app } = await make();
    const { access_token: token } = await oauth.machineToken(app);
    for (const gateway of [0, 1]) expect((await oauth.call(token, '/v1/me', gateway)).status).toBe(200);
    await oauth.bus.request(revokeApplication, { id: app.id }, { principal: owner.principal });
    const begun = Date.now();
    for (const gateway of [0, 1])
      await eventually(async () => {
        const refused = await oauth.call(token, '/v1/me', gateway);
        expect([refused.status, await refused.json()]).toMatchObject([
          401,
          { code: 'AUTH.CREDENTIAL_REFUSED' },
        ]);
      });
    expect(Date.now() - begun).toBeLessThan(1000);
    expect((await oauth.machineToken(app)).error).toBe('invalid_client');
    // Repeating it changes nothing.
    const again = await oauth.bus.request(revokeApplication, { id: app.id }, { principal: owner.principal });
    expect(again.revoked_at).not.toBeNull();
  });

  it('ends with a suspension of its partner, and works again after it', async () => {
    const { owner, app } = await make();
    const { access_token: token } = await oauth.machineToken(app);
    expect((await oauth.call(token)).status).toBe(200);
    const id = owner.principal.partner_id as string;
    await asAdmin(oauth.bus).request(suspendPartner, { id, reason: 'Unpaid' });
    await eventually(async () => expect((await oauth.call(token)).status).toBe(403));
    expect((await oauth.machineToken(app)).error).toBe('invalid_client');
    await asAdmin(oauth.bus).request(resumePartner, { id, reason: 'Paid' });
    await eventually(async () => expect((await oauth.call(token)).status).toBe(200));
    expect(await oauth.machineToken(app)).toHaveProperty('access_token');
  });

  it('belongs to one partner: for another one it does not exist, to the byte', async () => {
    const { app } = await make();
    const other = await oauth.person();
    for (const contract of [getApplication, revokeApplication, rotateApplicationSecret]) {
      const call = (id: string) =>
        oauth.bus.request(contract, { id }, { principal: other.principal }).catch((error) => error);
      expect(String(await call(app.id))).toBe(String(await call(newId('application'))));
      expect(await call(app.id)).toMatchObject({ code: 'AUTH.APPLICATION_NOT_FOUND' });
    }
    const { data } = await oauth.bus.request(listApplications, {}, { principal: other.principal });
    expect(data).toEqual([]);
  });
});
