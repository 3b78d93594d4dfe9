import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MadeApplication, OAuthUnderTest } from './oauth-under-test.ts';

describe('OAuth while PostgreSQL is away', () => {
  let oauth: OAuthUnderTest;
  let app: MadeApplication;
  beforeAll(async () => {
    oauth = await OAuthUnderTest.start();
    const { principal } = await oauth.person();
    app = await oauth.application(principal, { name: 'Machine', scopes: ['tickets:read'] });
  });
  afterAll(() => oauth?.stop());

  it('says when to come back, and goes on with the tokens that a gateway knows', async () => {
    const { access_token: known } = await oauth.machineToken(app);
    const { access_token: unknown } = await oauth.machineToken(app);
    expect((await oauth.call(known, '/v1/tickets')).status).toBe(200);
    await oauth.auth.postgres.kill9();
    const asked = await oauth.post('/oauth/token', { grant_type: 'client_credentials' }, app);
    expect([asked.status, await asked.json()]).toMatchObject([
      503,
      { type: expect.any(String), retry_after: expect.any(Number), code: 'PLATFORM.UNAVAILABLE' },
    ]);
    expect((await oauth.call(known, '/v1/tickets')).status).toBe(200);
    expect((await oauth.call(unknown, '/v1/tickets')).status).toBe(503);
    await oauth.auth.postgres.restart();
    await eventually(
      async () => {
        expect(await oauth.machineToken(app)).toHaveProperty('access_token');
        expect((await oauth.call(unknown, '/v1/tickets')).status).toBe(200);
      },
      { timeoutMs: 20_000 },
    );
  });
});
