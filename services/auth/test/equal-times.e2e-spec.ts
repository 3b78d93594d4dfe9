import type { Bus } from '@gridworks/bus';
import { createSession, newId, requestPasswordReset } from '@gridworks/contracts';
import { type SmtpServerHandle, startSmtp } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PortalUser, startAuth } from './auth-under-test.ts';
import { compareTimes } from './compare-times.ts';

const SAMPLES = 150;
/** Each account is asked about at most five times an hour. */
const ACCOUNTS = 50;

/**
 * Whether an address has an account must not be seen in the time of a response. Known and unknown addresses take turns in a
 * random order, so that the machine's other work falls on both; each sample comes from a network of its own, since tries of
 * a network are counted.
 *
 * Two bounds, both wide for a busy machine. The medians: without the work that is done for an unknown address, a log-in is
 * six times as fast for it, and a reset that looked the account up first would be some statements slower. The overlap of the
 * distributions (the A of Vargha and Delaney, which is the U of Mann and Whitney over the number of pairs): 0.5 for equal
 * ones, 0 or 1 for ones that can be told apart by a single try. With 150 samples each, equal distributions stay within 0.1
 * of 0.5 in all but one of a thousand runs (a standard deviation of U / n² is 0.033).
 */
describe('the time of a response', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let smtp: SmtpServerHandle;
  const known: string[] = [];
  const unknownAddress = () => `${newId('request').toLowerCase()}@example.com`;
  let networks = 0;
  const clientIp = () => `10.${networks >> 8}.${networks++ & 255}.7`;

  beforeAll(async () => {
    smtp = await startSmtp();
    ({ auth } = await startAuth({ SMTP_URL: smtp.url }));
    await auth.startInstance();
    gateway = await auth.startGateway();
    const { user } = await new PortalUser(gateway).register();
    for (let i = 0; i < ACCOUNTS; i++) known.push(unknownAddress());
    await auth.query(
      `insert into users (id, email, password_hash, created_at)
       select 'usr_' || lpad(number::text, 22, '0'), email, (select password_hash from users where id = $1), now()
       from unnest($2::text[]) with ordinality as given (email, number)`,
      [user.id, known],
    );
  }, 60_000);
  afterAll(async () => {
    await auth.stop();
    await smtp.stop();
  });

  const timesOf = (call: (email: string) => Promise<unknown>) =>
    compareTimes({
      samples: SAMPLES,
      one: (index) => call(known[index % ACCOUNTS] as string),
      other: () => call(unknownAddress()),
    });

  it('of a log-in is the same for known and unknown addresses', async () => {
    const { ratio, overlap } = await timesOf((email) =>
      gateway
        .request(createSession, { email, password: 'not the password', client_ip: clientIp() })
        .then(() => expect('logged in').toBe('refused'))
        .catch((error: unknown) => expect(error).toMatchObject({ code: 'AUTH.LOGIN_REFUSED' })),
    );
    process.stdout.write(`log-in: ratio of medians ${ratio.toFixed(3)}, overlap ${overlap.toFixed(3)}\n`);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
    expect(Math.abs(overlap - 0.5)).toBeLessThan(0.2);
  }, 120_000);

  it('of a request for another password is the same for known and unknown addresses', async () => {
    const { ratio, overlap } = await timesOf((email) =>
      gateway.request(requestPasswordReset, { email, client_ip: clientIp() }),
    );
    process.stdout.write(`reset: ratio of medians ${ratio.toFixed(3)}, overlap ${overlap.toFixed(3)}\n`);
    expect(ratio).toBeGreaterThan(0.67);
    expect(ratio).toBeLessThan(1.5);
    expect(Math.abs(overlap - 0.5)).toBeLessThan(0.2);
  }, 120_000);
});
