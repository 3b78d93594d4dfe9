import type { Bus } from '@gridworks/bus';
import {
  beginPasskey,
  beginStepUp,
  completeBrowserSession,
  completeStepUp,
  createApiKey,
  createBrowserSession,
  createLogInChallenge,
  createSession,
  credentialDigest,
  getSecondFactors,
  newSessionToken,
  type PasskeyProof,
  type Principal,
  recoverBrowserSession,
  registerPasskey,
  removePasskey,
  removePassword,
  renamePasskey,
  sessionProved,
  switchPartner,
  verifyCredential,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { SoftwareAuthenticator } from '@gridworks/testing/software-authenticator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAX_TRIES } from '../src/throttling/login-throttle.ts';
import { ORIGIN, PASSWORD, startAuth } from './auth-under-test.ts';
import { byPasskey, codeOf, SecondFactorPerson } from './second-factor-person.ts';

const refused = { code: 'AUTH.SECOND_FACTOR_REFUSED' };
const ended = { code: 'AUTH.CHALLENGE_ENDED' };

let auth: ServiceUnderTest;
let gateway: Bus;
const proved: string[] = [];
beforeAll(async () => {
  ({ auth } = await startAuth());
  await auth.startInstance();
  gateway = await auth.startGateway();
  gateway.listen(sessionProved, async ({ payload }) => void proved.push(payload.digest));
});
afterAll(() => auth.stop());

/** Logs in by passkey alone with what `proofOf` makes of the options. */
const logIn = async (proofOf: (options: Parameters<SoftwareAuthenticator['get']>[0]) => PasskeyProof) => {
  const { token, public_key } = await gateway.request(createLogInChallenge, {});
  return gateway.request(completeBrowserSession, {
    challenge: token,
    proof: byPasskey(proofOf(public_key!)),
    session_digest: credentialDigest(newSessionToken()),
  });
};

describe('a passkey', () => {
  it('logs in alone, and its session is as good as any', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const { device, added } = await person.addPasskey('Laptop');
    expect(added.recovery_codes).toHaveLength(10);
    expect(added.passkey).toMatchObject({ name: 'Laptop', synced: false, last_used_at: null });
    device.counter++;
    const principal = await person.logInByPasskey(device);
    expect(principal).toMatchObject({ user_id: person.userId, role: 'owner', kind: 'session' });
    await gateway.request(createApiKey, { name: 'fresh' }, { principal });
    const { passkeys } = await gateway.request(getSecondFactors, {}, { principal });
    expect(passkeys).toMatchObject([{ id: added.passkey.id, last_used_at: expect.any(String) }]);
  });

  it('is the second factor of its person’s password', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const { device } = await person.addPasskey();
    const { token, methods, public_key } = await person.challenge();
    expect(methods).toEqual(['passkey', 'recovery_code']);
    const stranger = await SecondFactorPerson.register(gateway);
    const { device: foreign } = await stranger.addPasskey();
    await expect(person.complete(token, byPasskey(foreign.get(public_key!)))).rejects.toMatchObject(refused);
    device.counter++;
    const session = await person.complete(token, byPasskey(device.get(public_key!)));
    expect(session.user.id).toBe(person.userId);
    // The same signature again: its challenge is used up.
    await expect(person.complete(token, byPasskey(device.get(public_key!)))).rejects.toMatchObject(ended);
  });

  it('is refused from another origin, without its person, for another challenge, or as a copy', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const { device } = await person.addPasskey();
    device.counter = 5;
    await logIn((options) => device.get(options));
    device.counter = 6;
    await expect(
      logIn((options) => device.get(options, { origin: 'https://portal.example.org' })),
    ).rejects.toMatchObject(refused);
    await expect(logIn((options) => device.get(options, { verified: false }))).rejects.toMatchObject(refused);
    await expect(logIn((options) => device.get({ ...options, challenge: 'AAAA' }))).rejects.toMatchObject(
      refused,
    );
    await expect(logIn((options) => device.get({ ...options, rpId: 'example.com' }))).rejects.toMatchObject(
      refused,
    );
    const unknown = new SoftwareAuthenticator(ORIGIN);
    await expect(logIn((options) => unknown.get(options))).rejects.toMatchObject(refused);
    // Two devices with one key: the counter goes back.
    device.counter = 5;
    await expect(logIn((options) => device.get(options))).rejects.toMatchObject(refused);
    device.counter = 6;
    await logIn((options) => device.get(options));
  });

  it('of a device that does not count is accepted again and again', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const { device } = await person.addPasskey();
    for (let i = 0; i < 3; i++) await logIn((options) => device.get(options));
  });

  it('is added only by the person and for the challenge that it was asked for, once', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const stranger = await SecondFactorPerson.register(gateway);
    const { challenge, public_key } = await gateway.request(beginPasskey, {}, person.call);
    expect(public_key).toMatchObject({ rp: { id: 'portal.example.com' }, attestation: 'none' });
    const device = new SoftwareAuthenticator(ORIGIN);
    const register = (passkey: ReturnType<SoftwareAuthenticator['create']>, call: { principal: Principal }) =>
      gateway.request(registerPasskey, { name: 'Key', challenge, passkey }, call);
    const invalid = { code: 'AUTH.PASSKEY_INVALID', kind: 'conflict' };
    await expect(register(device.create(public_key, false), person.call)).rejects.toMatchObject(invalid);
    await expect(
      register(device.create({ ...public_key, challenge: 'AAAA' }), person.call),
    ).rejects.toMatchObject(invalid);
    const elsewhere = new SoftwareAuthenticator('https://portal.example.org');
    await expect(register(elsewhere.create(public_key), person.call)).rejects.toMatchObject(invalid);
    await expect(register(device.create(public_key), stranger.call)).rejects.toMatchObject(ended);
    await register(device.create(public_key), person.call);
    await expect(register(device.create(public_key), person.call)).rejects.toMatchObject(ended);
    const next = await gateway.request(beginPasskey, {}, person.call);
    expect(next.public_key.excludeCredentials).toHaveLength(1);
    const twice = gateway.request(
      registerPasskey,
      { name: 'Key', challenge: next.challenge, passkey: device.create(next.public_key) },
      person.call,
    );
    await expect(twice).rejects.toMatchObject(invalid);
  });

  it('is renamed and removed by its person only', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const stranger = await SecondFactorPerson.register(gateway);
    const { device, added } = await person.addPasskey();
    const { id } = added.passkey;
    const missing = { code: 'AUTH.PASSKEY_NOT_FOUND' };
    await expect(gateway.request(renamePasskey, { id, name: 'Mine' }, stranger.call)).rejects.toMatchObject(
      missing,
    );
    await expect(gateway.request(removePasskey, { id }, stranger.call)).rejects.toMatchObject(missing);
    expect(await gateway.request(renamePasskey, { id, name: 'Desk' }, person.call)).toMatchObject({
      name: 'Desk',
    });
    await gateway.request(removePasskey, { id }, person.call);
    await expect(logIn((options) => device.get(options))).rejects.toMatchObject(refused);
    // Without a second factor the password is enough again.
    await gateway.request(createSession, { email: person.email, password: PASSWORD });
  });
});

describe('a step-up', () => {
  const stale = (principal: Principal): Principal => ({
    ...principal,
    authenticated_at: new Date(Date.now() - 601_000).toISOString(),
  });

  it.each(['password', 'totp', 'passkey'] as const)('by %s makes an old session fresh', async (method) => {
    const person = await SecondFactorPerson.register(gateway);
    const { secret } = await person.addTotp();
    const { device } = await person.addPasskey();
    await auth.query(`update sessions set authenticated_at = now() - interval '1 hour' where id = $1`, [
      person.principal.id,
    ]);
    const [row] = await auth.query('select digest from sessions where id = $1', [person.principal.id]);
    const digest = row?.digest as string;
    const old = (await gateway.request(verifyCredential, { kind: 'session', digest })).principal;
    const makeKey = (principal: Principal) => gateway.request(createApiKey, { name: 'x' }, { principal });
    await expect(makeKey(old)).rejects.toMatchObject({ code: 'AUTH.STEP_UP_REQUIRED', kind: 'forbidden' });

    const begun = await gateway.request(beginStepUp, {}, { principal: old });
    expect(begun.methods).toEqual(['password', 'totp', 'passkey']);
    device.counter++;
    const proof = {
      password: { method: 'password' as const, password: PASSWORD },
      totp: { method: 'totp' as const, code: codeOf(secret) },
      passkey: {
        method: 'passkey' as const,
        challenge: begun.token,
        passkey: device.get(begun.public_key!),
      },
    }[method];
    const done = await gateway.request(completeStepUp, { proof }, { principal: old });
    expect(Date.parse(done.fresh_until) - Date.parse(done.authenticated_at)).toBe(600_000);
    // The gateway is told to ask again.
    await eventually(() => expect(proved).toContain(digest));
    const fresh = (await gateway.request(verifyCredential, { kind: 'session', digest })).principal;
    expect(fresh.authenticated_at).toBe(done.authenticated_at);
    await makeKey(fresh);
    if (method !== 'password')
      await expect(gateway.request(completeStepUp, { proof }, { principal: old })).rejects.toMatchObject({
        code: method === 'totp' ? 'AUTH.PROOF_REFUSED' : 'AUTH.CHALLENGE_ENDED',
      });
  });

  it('is not gained by acting for a partner anew', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const digests = [newSessionToken(), newSessionToken()].map(credentialDigest);
    const [session_digest = '', next = ''] = digests;
    const principalOf = async (digest: string) =>
      (await gateway.request(verifyCredential, { kind: 'session', digest })).principal;
    const { email } = person;
    await gateway.request(createBrowserSession, { email, password: PASSWORD, session_digest });
    await auth.query(`update sessions set authenticated_at = now() - interval '1 hour' where digest = $1`, [
      session_digest,
    ]);
    const principal = await principalOf(session_digest);
    const partner_id = principal.partner_id as string;
    await gateway.request(switchPartner, { partner_id, session_digest: next }, { principal });
    expect((await principalOf(next)).authenticated_at).toBe(principal.authenticated_at);
  });

  it('with a wrong proof changes nothing, and says so without ending the session', async () => {
    const person = await SecondFactorPerson.register(gateway);
    await person.addTotp();
    const principal = stale(person.principal);
    const wrong = { code: 'AUTH.PROOF_REFUSED', kind: 'forbidden' };
    const other = await SecondFactorPerson.register(gateway);
    const { device } = await other.addPasskey();
    const foreign = await gateway.request(beginStepUp, {}, other.call);
    for (const proof of [
      { method: 'password' as const, password: 'not the password' },
      { method: 'totp' as const, code: '000000' },
      // The passkey and the challenge of another person.
      {
        method: 'passkey' as const,
        challenge: foreign.token,
        passkey: device.get(foreign.public_key!),
      },
    ])
      await expect(gateway.request(completeStepUp, { proof }, { principal })).rejects.toMatchObject(wrong);
    await gateway.request(getSecondFactors, {}, { principal });
  });
});

describe('an account without a password', () => {
  const tooFew = { code: 'AUTH.TOO_FEW_WAYS', kind: 'conflict' };

  it('needs two other ways on file, and keeps them', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const remove = () => gateway.request(removePassword, {}, person.call);
    await expect(remove()).rejects.toMatchObject(tooFew);
    // Neither an app nor recovery codes log in alone.
    await person.addTotp();
    await expect(remove()).rejects.toMatchObject(tooFew);
    const { device, added } = await person.addPasskey();
    expect(await remove()).toMatchObject({ password: false, other_ways: 2 });
    const byPassword = gateway.request(createSession, { email: person.email, password: PASSWORD });
    await expect(byPassword).rejects.toMatchObject({ code: 'AUTH.LOGIN_REFUSED' });
    await logIn((options) => device.get(options));
    const last = gateway.request(removePasskey, { id: added.passkey.id }, person.call);
    await expect(last).rejects.toMatchObject(tooFew);
    await logIn((options) => device.get(options));
    await person.addPasskey('Second');
    await gateway.request(removePasskey, { id: added.passkey.id }, person.call);
  });

  it('is recovered by a recovery code, without the lost passkeys; an account with a password is not', async () => {
    const person = await SecondFactorPerson.register(gateway);
    const { added } = await person.addPasskey();
    const [first = '', second = ''] = added.recovery_codes ?? [];
    const recover = (email: string, recovery_code: string) =>
      gateway.request(recoverBrowserSession, {
        ...{ email, recovery_code },
        session_digest: credentialDigest(newSessionToken()),
      });
    const answers = await Promise.all(
      [
        [person.email, first],
        [person.email, '0000-0000-0000-0000'],
        ['nobody-at-all@example.com', first],
      ].map(([email = '', code = '']) =>
        recover(email, code).catch((error: Error) => ({ ...error, message: error.message })),
      ),
    );
    expect(answers[0]).toMatchObject({ code: 'AUTH.LOGIN_REFUSED' });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    // Nor does the count of attempts tell one from the other.
    const tooMany = { code: 'AUTH.TOO_MANY_LOGINS' };
    for (let i = 1; i < MAX_TRIES; i++) await recover('nobody-at-all@example.com', first).catch(() => {});
    await expect(recover('nobody-at-all@example.com', first)).rejects.toMatchObject(tooMany);
    await expect(recover('nobody-else@example.com', first)).rejects.toMatchObject({
      code: 'AUTH.LOGIN_REFUSED',
    });
    await gateway.request(removePassword, {}, person.call);
    const session = await recover(person.email, first);
    expect(session.user.id).toBe(person.userId);
    await expect(recover(person.email, first)).rejects.toMatchObject({ code: 'AUTH.LOGIN_REFUSED' });
    await recover(person.email, second);
  });
});
