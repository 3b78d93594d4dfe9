import type { Bus } from '@gridworks/bus';
import {
  beginPasskey,
  completeBrowserSession,
  completeSession,
  confirmTotp,
  createLogInChallenge,
  createSession,
  credentialDigest,
  enrolTotp,
  type FactorProof,
  type LogInChallenge,
  newSessionToken,
  type OutputOf,
  type PasskeyProof,
  type Principal,
  registerPasskey,
  verifyCredential,
} from '@gridworks/contracts';
import { SoftwareAuthenticator } from '@gridworks/testing/software-authenticator';
import { Secret, TOTP } from 'otpauth';
import { ORIGIN, PASSWORD, PortalUser } from './auth-under-test.ts';

export const STEP_MS = 30_000;

/** The code of a secret, `steps` steps away from now. */
export function codeOf(secret: string, steps = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: Date.now() + steps * STEP_MS,
  });
}

/** A registered owner with an authenticator app and passkeys, at the gateway's bus. */
export class SecondFactorPerson {
  private constructor(
    readonly gateway: Bus,
    readonly email: string,
    readonly userId: string,
    /** Of the first session, by bearer token. */
    public principal: Principal,
  ) {}

  static async register(gateway: Bus, email?: string): Promise<SecondFactorPerson> {
    const portal = new PortalUser(gateway);
    const { user } = await portal.register(email);
    const principal = await portal.verify('session', (await portal.logIn(user.email)).token);
    return new SecondFactorPerson(gateway, user.email, user.id, principal);
  }

  get call() {
    return { principal: this.principal };
  }

  /** Adds an authenticator app, with the code of the step before, so that the present one is unused. */
  async addTotp(): Promise<{ secret: string; codes: string[] }> {
    const { secret } = await this.gateway.request(enrolTotp, {}, this.call);
    const added = await this.gateway.request(confirmTotp, { code: codeOf(secret, -1) }, this.call);
    return { secret, codes: added.recovery_codes ?? [] };
  }

  async addPasskey(name = 'Laptop'): Promise<{
    device: SoftwareAuthenticator;
    added: OutputOf<typeof registerPasskey>;
  }> {
    const device = new SoftwareAuthenticator(ORIGIN);
    const { challenge, public_key } = await this.gateway.request(beginPasskey, {}, this.call);
    const passkey = device.create(public_key);
    const added = await this.gateway.request(registerPasskey, { name, challenge, passkey }, this.call);
    return { device, added };
  }

  /** The challenge of a log-in with the right password. */
  async challenge(client_ip?: string): Promise<LogInChallenge> {
    const input = { email: this.email, password: PASSWORD, ...(client_ip ? { client_ip } : {}) };
    const error = await this.gateway.request(createSession, input).then(
      () => null,
      (reason: unknown) => reason,
    );
    const { code, details } = error as { code?: string; details?: { challenge: LogInChallenge } };
    if (code !== 'AUTH.SECOND_FACTOR_REQUIRED' || !details) throw error ?? new Error('no second factor');
    return details.challenge;
  }

  complete(token: string, proof: FactorProof, client_ip?: string): Promise<OutputOf<typeof completeSession>> {
    return this.gateway.request(completeSession, {
      ...{ challenge: token, proof },
      ...(client_ip ? { client_ip } : {}),
    });
  }

  /** Logs in with a passkey alone, as a browser does; returns the principal. */
  async logInByPasskey(device: SoftwareAuthenticator): Promise<Principal> {
    const { token, public_key } = await this.gateway.request(createLogInChallenge, {});
    const digest = credentialDigest(newSessionToken());
    await this.gateway.request(completeBrowserSession, {
      challenge: token,
      proof: { method: 'passkey', passkey: device.get(public_key!) },
      session_digest: digest,
    });
    return (await this.gateway.request(verifyCredential, { kind: 'session', digest })).principal;
  }
}

export const byCode = (code: string): FactorProof => ({ method: 'totp', code });
export const byRecoveryCode = (code = ''): FactorProof => ({ method: 'recovery_code', recovery_code: code });
export const byPasskey = (passkey: PasskeyProof): FactorProof => ({ method: 'passkey', passkey });
