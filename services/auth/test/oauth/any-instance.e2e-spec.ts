import { publicKeyOf } from '@gridworks/bus';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CodeFlow } from './code-flow.ts';
import { ISSUER, OAuthUnderTest, SECRET_KEY, SIGNING_KEY } from './oauth-under-test.ts';
import { type ServiceProcess, startProcess } from './service-process.ts';

describe('an authorization', () => {
  let oauth: OAuthUnderTest;
  let flow: CodeFlow;
  beforeAll(async () => {
    oauth = await OAuthUnderTest.start();
    flow = new CodeFlow(oauth);
  });
  afterAll(() => oauth?.stop());

  /** Another instance of auth, as a process of its own. */
  function startAnother(): Promise<ServiceProcess> {
    const { nats, databaseUrl } = oauth.auth;
    const { user = '', password = '' } = nats.credentials('auth');
    return startProcess('auth', {
      ...{ NATS_URL: nats.url, NATS_USER: user, NATS_PASSWORD: password },
      ...{ DATABASE_URL: databaseUrl, REDIS_URL: oauth.redisUrl, SERVICE_INSTANCE: 'auth-2' },
      ...{ PORTAL_URL: ISSUER, EMAIL_FROM: 'Portal <portal@example.com>' },
      ...{ SIGNING_PUBLIC_KEY: publicKeyOf(SIGNING_KEY), AUTH_SECRET_KEYS: SECRET_KEY },
    });
  }

  it('that one instance began is finished by another, after the first was killed', async () => {
    const first = await startAnother();
    await oauth.stopInstance();
    const { owner, app } = await flow.make();
    const begun = await flow.begin(owner, app);
    const code = await flow.accept(owner, begun);
    await first.kill9();
    await oauth.startInstance();
    const tokens = await eventually(async () => {
      const got = await flow.exchange(app, code, begun);
      expect(got).toHaveProperty('access_token');
      return got;
    });
    expect((await oauth.call(tokens.access_token, '/v1/tickets')).status).toBe(200);
    expect(await flow.refresh(app, tokens.refresh_token ?? '')).toHaveProperty('access_token');
  });
});
