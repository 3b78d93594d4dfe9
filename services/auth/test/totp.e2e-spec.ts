import type { Bus } from '@gridworks/bus';
import {
  accountMailRequested,
  confirmTotp,
  createSession,
  credentialDigest,
  enrolTotp,
  getSecondFactors,
  type LogInChallenge,
  removeTotp,
  renewRecoveryCodes,
  verifyCredential,
} from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { eventually } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAX_TRIES } from '../src/throttling/login-throttle.ts';
import { ORIGIN, PASSWORD, startAuth } from './auth-under-test.ts';
import { byCode, byRecoveryCode, codeOf, SecondFactorPerson } from './second-factor-person.ts';

const refused = { code: 'AUTH.SECOND_FACTOR_REFUSED', kind: 'unauthenticated' };
const ended = { code: 'AUTH.CHALLENGE_ENDED' };

describe('an authenticator app', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  beforeAll(async () => {
    ({ auth } = await startAuth());
    await auth.startInstance();
    gateway = await auth.startGateway();
  });
  afterAll(() => auth.stop());

  /** The mails that were requested for a person, with their words. */
  const mailsTo = async (userId: string): Promise<[string, unknown][]> => {
    const rows = await auth.query<{ event: { data: { mail: string; words: unknown } } }>(
      'select event from outbox where subject = $1 and event::text like $2',
      [accountMailRequested.subject, `%${userId}%`],
    );
    return rows.map(({ event }) => [event.data.mail, event.data.words]);
  };

  it('counts once a code of it was confirmed, and brings ten recovery codes', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const first = await gateway.request(enrolTotp, {}, person.call);
    const { secret, uri } = await gateway.request(enrolTotp, {}, person.call);
    expect(secret).not.toBe(first.secret);
    expect(new URL(uri).searchParams.get('secret')).toBe(secret);
    // Neither the secret nor a code of it is stored in clear.
    const stored = JSON.stringify(
      await auth.query('select * from totp_factors where user_id = $1', [person.userId]),
    );
    expect(stored).not.toContain(secret);

    await gateway.request(createSession, { email: person.email, password: PASSWORD });
    const wrong = gateway.request(confirmTotp, { code: codeOf(first.secret) }, person.call);
    await expect(wrong).rejects.toMatchObject({ code: 'AUTH.PROOF_REFUSED', kind: 'forbidden' });
    const added = await gateway.request(confirmTotp, { code: codeOf(secret, -1) }, person.call);
    expect(new Set(added.recovery_codes).size).toBe(10);
    expect(added.second_factors).toMatchObject({
      password: true,
      recovery_codes: { left: 10 },
      other_ways: 1,
    });
    const kept = JSON.stringify(await auth.query('select * from recovery_codes'));
    for (const code of added.recovery_codes ?? []) expect(kept).not.toContain(code);
    const again = gateway.request(enrolTotp, {}, person.call);
    await expect(again).rejects.toMatchObject({ code: 'AUTH.TOTP_EXISTS' });

    const challenge = await person.challenge();
    expect(challenge).toMatchObject({ methods: ['totp', 'recovery_code'], public_key: null });
    const session = await person.complete(challenge.token, byCode(codeOf(secret)));
    const digest = credentialDigest(session.token);
    const { principal } = await gateway.request(verifyCredential, { kind: 'session', digest });
    expect(principal).toMatchObject({ user_id: person.userId, role: 'owner' });
    expect(Date.now() - Date.parse(principal.authenticated_at ?? '')).toBeLessThan(60_000);
    await expect(person.complete(challenge.token, byCode(codeOf(secret, 1)))).rejects.toMatchObject(ended);
    expect(await mailsTo(person.userId)).toContainEqual(['factor-added', { factor: 'an authenticator app' }]);
  });

  it('is no way to find out who has one: the answer is the same before the password is right', async () => {
    const plain = await SecondFactorPerson.register(gateway);
    const guarded = await SecondFactorPerson.register(gateway);
    await guarded.addTotp();
    const answers = await Promise.all(
      [plain.email, guarded.email, 'nobody-at-all@example.com'].map((email) =>
        gateway.request(createSession, { email, password: 'not the password' }).catch((error: Error) => ({
          ...error,
          message: error.message,
        })),
      ),
    );
    expect(answers[0]).toMatchObject({ code: 'AUTH.LOGIN_REFUSED' });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    const made = await auth.query('select 1 from challenges where user_id = $1', [guarded.userId]);
    expect(made).toEqual([]);
  });

  it('takes each code once, also from eight log-ins at the same time', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const { secret } = await person.addTotp();
    const used = await person.challenge();
    await expect(person.complete(used.token, byCode(codeOf(secret, -1)))).rejects.toMatchObject(refused);
    // One after the other: eight passwords at once would be more than a busy machine checks in time.
    const challenges: LogInChallenge[] = [];
    for (let i = 0; i < 8; i++) challenges.push(await person.challenge());
    const code = codeOf(secret);
    const tried = await Promise.allSettled(
      challenges.map(({ token }) => person.complete(token, byCode(code))),
    );
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of tried) if (one.status === 'rejected') expect(one.reason).toMatchObject(refused);
  });

  it('lets a challenge count once, whoever is faster', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const { codes } = await person.addTotp();
    const { token } = await person.challenge();
    const tried = await Promise.allSettled(
      codes.slice(0, 6).map((recovery_code) => person.complete(token, byRecoveryCode(recovery_code))),
    );
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of tried) if (one.status === 'rejected') expect(one.reason).toMatchObject(ended);
    // What the slower ones sent is not used up.
    const { recovery_codes: left } = await gateway.request(getSecondFactors, {}, person.call);
    expect(left?.left).toBe(9);
  });

  it('refuses a challenge that is over, or of another person’s code', async () => {
    const [person, other] = [
      await SecondFactorPerson.register(gateway),
      await SecondFactorPerson.register(gateway),
    ];
    const { secret } = await person.addTotp();
    const { secret: foreign } = await other.addTotp();
    const { token } = await person.challenge();
    await expect(person.complete(token, byCode(codeOf(foreign)))).rejects.toMatchObject(refused);
    await auth.query(`update challenges set expires_at = now() - interval '1 second' where digest = $1`, [
      credentialDigest(token),
    ]);
    await expect(person.complete(token, byCode(codeOf(secret)))).rejects.toMatchObject(ended);
    const unknown = `cha_${'0'.repeat(43)}`;
    await expect(person.complete(unknown, byCode(codeOf(secret)))).rejects.toMatchObject(ended);
  });

  it('is not guessed: a network has ten attempts, and another network and a recovery code go on', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const { secret, codes } = await person.addTotp();
    const [here, there] = ['198.51.100.23', '203.0.113.9'];
    const { token } = await person.challenge(here);
    const guess = () => person.complete(token, byCode('000000'), here);
    for (let i = 0; i < MAX_TRIES; i++) await expect(guess()).rejects.toMatchObject(refused);
    const right = person.complete(token, byCode(codeOf(secret)), here);
    await expect(right).rejects.toMatchObject({ code: 'AUTH.TOO_MANY_LOGINS' });
    const elsewhere = await person.challenge(there);
    const done = await person.complete(elsewhere.token, byRecoveryCode(codes[0]), there);
    expect(done.user.id).toBe(person.userId);
  });

  it('is removed by its person, and its recovery codes with it', async () => {
    const person = await SecondFactorPerson.register(gateway);
    await person.addTotp();
    expect(await gateway.request(removeTotp, {}, person.call)).toMatchObject({
      totp: null,
      recovery_codes: null,
    });
    const again = gateway.request(removeTotp, {}, person.call);
    await expect(again).rejects.toMatchObject({ code: 'AUTH.TOTP_NOT_FOUND' });
    await gateway.request(createSession, { email: person.email, password: PASSWORD });
    expect(await mailsTo(person.userId)).toContainEqual([
      'factor-removed',
      { factor: 'an authenticator app' },
    ]);
  });

  it('needs a fresh proof to be added or removed', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const stale = { ...person.principal, authenticated_at: new Date(Date.now() - 601_000).toISOString() };
    for (const contract of [enrolTotp, removeTotp, renewRecoveryCodes])
      await expect(gateway.request(contract, {}, { principal: stale })).rejects.toMatchObject({
        code: 'AUTH.STEP_UP_REQUIRED',
      });
  });
});

describe('recovery codes', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  beforeAll(async () => {
    ({ auth } = await startAuth());
    await auth.startInstance();
    gateway = await auth.startGateway();
  });
  afterAll(() => auth.stop());

  it('count once each, are made anew, and exist only beside a second factor', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const none = gateway.request(renewRecoveryCodes, {}, person.call);
    await expect(none).rejects.toMatchObject({ code: 'AUTH.NO_SECOND_FACTOR' });
    const { codes } = await person.addTotp();
    const [first = '', second = ''] = codes;
    const logIn = async (recovery_code: string) =>
      person.complete((await person.challenge()).token, byRecoveryCode(recovery_code));
    await logIn(first);
    await expect(logIn(first)).rejects.toMatchObject(refused);
    const { codes: fresh } = await gateway.request(renewRecoveryCodes, {}, person.call);
    expect(fresh).toHaveLength(10);
    await expect(logIn(second)).rejects.toMatchObject(refused);
    await logIn(fresh[3] as string);
    const factors = await gateway.request(getSecondFactors, {}, person.call);
    expect(factors.recovery_codes?.left).toBe(9);
  });
});

describe('the key of the secrets', () => {
  it('is replaced without losing an authenticator app or a signing key', async () => {
    const [old, fresh] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const { auth, redis } = await startAuth({ AUTH_SECRET_KEYS: [old] });
    const startWith = (name: string, keys: Buffer[]) =>
      auth.startInstance(name, [
        {
          provide: CONFIG,
          useValue: {
            ...{ REDIS_URL: redis.url, AUTH_PUBLIC_ORIGINS: [ORIGIN], PORTAL_URL: ORIGIN },
            AUTH_SECRET_KEYS: keys,
          },
        },
      ]);
    try {
      const first = await auth.startInstance();
      const gateway = await auth.startGateway();
      const person = await SecondFactorPerson.register(gateway);
      const { secret } = await person.addTotp();
      const sealed = async () =>
        (await auth.query('select secret from totp_factors where user_id = $1', [person.userId]))[0]?.secret;
      const signing = async () => (await auth.query('select private_key from signing_keys'))[0]?.private_key;
      const before = await sealed();
      const key = await eventually(async () => {
        const made = await signing();
        expect(made).toBeDefined();
        return made;
      });
      await first.stop();
      const second = await startWith('auth-2', [fresh, old]);
      await eventually(async () => expect(await sealed()).not.toBe(before), { timeoutMs: 15_000 });
      await eventually(async () => expect(await signing()).not.toBe(key), { timeoutMs: 15_000 });
      await second.stop();
      await startWith('auth-3', [fresh]);
      const { token } = await eventually(() => person.challenge(), { timeoutMs: 15_000 });
      expect((await person.complete(token, byCode(codeOf(secret)))).user.id).toBe(person.userId);
    } finally {
      await auth.stop();
    }
  });
});
