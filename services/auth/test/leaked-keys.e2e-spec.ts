import type { Bus } from '@gridworks/bus';
import {
  createApiKey,
  credentialDigest,
  credentialRevoked,
  getApiKey,
  type PayloadOf,
  type Principal,
  reportLeakedKeys,
  revokeApiKey,
} from '@gridworks/contracts';
import { eventually, type SmtpServerHandle, startSmtp } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mailTo, PortalUser, startAuth } from './auth-under-test.ts';

const URL_OF_FIND = 'https://code.example/ada/billing/blob/main/.env';

describe.each(['revoke', 'notify'] as const)('a key that was found in public (%s)', (reaction) => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  let smtp: SmtpServerHandle;
  const revocations: PayloadOf<typeof credentialRevoked>[] = [];
  beforeAll(async () => {
    smtp = await startSmtp();
    ({ auth } = await startAuth({ SMTP_URL: smtp.url, AUTH_LEAKED_KEYS: reaction }));
    await auth.startInstance();
    gateway = await auth.startGateway();
    gateway.listen(credentialRevoked, async (event) => void revocations.push(event.payload));
    portal = new PortalUser(gateway);
  });
  afterAll(async () => {
    await auth.stop();
    await smtp.stop();
  });

  const owner = async (): Promise<{ email: string; principal: Principal }> => {
    const { email } = (await portal.register()).user;
    return { email, principal: await portal.verify('session', (await portal.logIn(email)).token) };
  };
  const report = (...keys: string[]) =>
    gateway.request(reportLeakedKeys, {
      found: keys.map((key) => ({ digest: credentialDigest(key), url: URL_OF_FIND })),
    });
  const read = (id: string, principal: Principal) => gateway.request(getApiKey, { id }, { principal });
  const mailsAbout = (name: string) => smtp.messages.filter(({ subject }) => subject.includes(name));

  it(`${reaction === 'revoke' ? 'ends at once' : 'goes on, marked'}, and its owners are mailed once`, async () => {
    const { email, principal } = await owner();
    const { key, id } = await gateway.request(createApiKey, { name: 'Meter reader' }, { principal });
    const other = await gateway.request(createApiKey, { name: 'Another' }, { principal });
    expect(await report(key, 'pp_live_nobody_made_this')).toEqual({ known: [credentialDigest(key)] });
    expect(await read(id, principal)).toMatchObject({
      leaked_at: expect.any(String),
      revoked_at: reaction === 'revoke' ? expect.any(String) : null,
    });
    if (reaction === 'revoke') {
      await expect(portal.verify('api_key', key)).rejects.toMatchObject({ code: 'AUTH.CREDENTIAL_REFUSED' });
      await eventually(() => expect(revocations.map((one) => one.id)).toContain(id));
    } else await portal.verify('api_key', key);

    const { subject, text } = await mailTo(smtp, email, 'Meter reader');
    expect(subject).toContain(reaction === 'revoke' ? 'has ended' : 'found in public');
    expect(text).toContain(URL_OF_FIND);
    expect(text).toContain(key.slice(-4));
    expect(text).toContain('https://portal.example/keys');
    expect(text).not.toContain(key);
    expect(await report(key)).toEqual({ known: [credentialDigest(key)] });
    // A later mail shows that no second one about the key is under way.
    await report(other.key);
    await mailTo(smtp, email, 'Another');
    expect(mailsAbout('Meter reader')).toHaveLength(1);
  });

  it('is marked without a mail when it had ended already', async () => {
    const { email, principal } = await owner();
    const { key, id } = await gateway.request(createApiKey, { name: 'Ended before' }, { principal });
    const { revoked_at } = await gateway.request(revokeApiKey, { id }, { principal });
    expect(await report(key)).toEqual({ known: [credentialDigest(key)] });
    expect(await read(id, principal)).toMatchObject({ leaked_at: expect.any(String), revoked_at });
    const next = await gateway.request(createApiKey, { name: 'Next' }, { principal });
    await report(next.key);
    await mailTo(smtp, email, 'Next');
    expect(mailsAbout('Ended before')).toEqual([]);
  });
});
