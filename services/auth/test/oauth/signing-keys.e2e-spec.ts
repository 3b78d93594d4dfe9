import { credentialDigest, newId, rotateSigningKeys, verifyCredential } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { eventually } from '@gridworks/testing';
import { ADMIN } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { KEY_AGE_MS, SigningKeyUpkeep } from '../../src/oauth/signing-keys/key-upkeep.ts';
import { SigningKeys } from '../../src/oauth/signing-keys/signing-keys.ts';
import { SecretBox } from '../../src/second-factors/totp/secret-box.ts';
import { ISSUER, type MadeApplication, OAuthUnderTest } from './oauth-under-test.ts';

describe('the keys of access tokens', () => {
  let oauth: OAuthUnderTest;
  let app: MadeApplication;
  beforeAll(async () => {
    oauth = await OAuthUnderTest.start({ config: { AUTH_SIGNING_KEY_LEAD_S: 3 } });
    const { principal } = await oauth.person();
    app = await oauth.application(principal, { name: 'Machine', scopes: ['identity:read'] });
  });
  afterAll(() => oauth?.stop());

  const jwks = async () => (await (await oauth.fetch('/.well-known/jwks.json')).json()) as JSONWebKeySet;
  const kids = async () => (await jwks()).keys.map(({ kid }) => kid);
  const kidOf = (token: string) => decodeProtectedHeader(token).kid;
  const isVerified = async (token: string) => {
    const options = { issuer: ISSUER, audience: ISSUER, typ: 'at+jwt' };
    return (await jwtVerify(token, createLocalJWKSet(await jwks()), options)).payload.client_id === app.id;
  };
  /** As a gateway asks that does not remember the token. */
  const asked = (token: string) => ({
    ...{ kind: 'access_token' as const, digest: credentialDigest(token), token },
  });
  const fresh = { principal: { ...ADMIN, authenticated_at: new Date().toISOString() } };

  it('are replaced with an overlap: the next one is published before it signs, the old one until its tokens end', async () => {
    const { access_token: old } = await oauth.machineToken(app);
    const next = await oauth.bus.request(rotateSigningKeys, {}, fresh);
    expect(Date.parse(next.activates_at) - Date.parse(next.created_at)).toBe(3000);
    await eventually(async () => expect(await kids()).toContain(next.id), { timeoutMs: 10_000 });
    const published = await jwks();
    // No private half of any key.
    for (const key of published.keys)
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    await eventually(async () => expect(kidOf((await oauth.machineToken(app)).access_token)).toBe(next.id), {
      timeoutMs: 20_000,
    });
    const { access_token: young } = await oauth.machineToken(app);
    expect(kidOf(old)).not.toBe(next.id);
    expect(await kids()).toEqual(expect.arrayContaining([kidOf(old), next.id]));
    for (const token of [old, young]) {
      expect(await isVerified(token)).toBe(true);
      expect((await oauth.call(token)).status).toBe(200);
    }
    // The last token of the old key has ended: the key leaves the JWKS, and what it signed is refused.
    await oauth.auth.query('update signing_keys set retires_at = now() where kid = $1', [kidOf(old)]);
    await eventually(async () => expect(await kids()).toEqual([next.id]), { timeoutMs: 10_000 });
    await expect(isVerified(old)).rejects.toThrow('no applicable key');
    expect((await oauth.bus.request(verifyCredential, asked(old)).catch((error) => error)).code).toBe(
      'AUTH.CREDENTIAL_REFUSED',
    );
  });

  it('are replaced by themselves after 90 days, once, whichever instance looks', async () => {
    const second = await oauth.auth.startInstance('auth-2');
    const first = await oauth.auth.startInstance('auth-3');
    const before = await oauth.auth.query('select kid from signing_keys');
    const run = (now: number) =>
      Promise.all([first, second].map(({ module }) => module.get(SigningKeyUpkeep).run(new Date(now))));
    await run(Date.now() + KEY_AGE_MS - 3_600_000);
    expect(await oauth.auth.query('select kid from signing_keys')).toEqual(before);
    await run(Date.now() + KEY_AGE_MS + 3_600_000);
    expect(await oauth.auth.query('select kid from signing_keys')).toHaveLength(before.length + 1);
  });

  it('are sealed: the database has no private key in clear', async () => {
    const rows = await oauth.auth.query<{ private_key: string }>('select private_key from signing_keys');
    expect(rows.length).toBeGreaterThan(0);
    for (const { private_key: sealed } of rows) expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\./);
  });

  it('are made anew, when the secret key that sealed them is lost', async () => {
    const lost = new SigningKeys(
      oauth.get(Database),
      new SecretBox({ AUTH_SECRET_KEYS: [Buffer.alloc(32, 'another key')] }),
      {},
    );
    const before = await oauth.auth.query('select kid from signing_keys');
    const { keys, active } = await lost.current();
    expect(keys).toEqual([active]);
    expect(before.map(({ kid }) => kid)).not.toContain(active.kid);
    await expect(lost.reseal()).rejects.toThrow('not among AUTH_SECRET_KEYS');
  });

  it('are replaced by admins alone, with a fresh proof', async () => {
    const { principal: owner } = await oauth.person();
    const stale = { ...ADMIN, authenticated_at: '2020-01-01T00:00:00.000Z' };
    const operator = { ...fresh.principal, role: 'platform_sre' as const, id: newId('session') };
    for (const [principal, code] of [
      [owner, 'PLATFORM.FORBIDDEN'],
      [operator, 'PLATFORM.FORBIDDEN'],
      [stale, 'AUTH.STEP_UP_REQUIRED'],
    ] as const)
      await expect(oauth.bus.request(rotateSigningKeys, {}, { principal })).rejects.toMatchObject({ code });
  });
});
