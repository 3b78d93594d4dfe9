import type { Bus } from '@gridworks/bus';
import {
  createSession,
  credentialDigest,
  newId,
  type OutputOf,
  type Principal,
  registerPartner,
  verifyCredential,
} from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { eventually, type RedisServer, type SmtpServerHandle, startRedis } from '@gridworks/testing';
import { ServiceUnderTest } from '@gridworks/testing/service';
import { expect } from '@jest/globals';
import type { AuthConfig } from '../src/auth.config.ts';
import { AuthModule } from '../src/auth.module.ts';

const MAIL_CONFIG = { PORTAL_URL: 'https://portal.example', EMAIL_FROM: 'Portal <portal@example.com>' };
/** The origin of the pages in tests. */
export const ORIGIN = 'https://portal.example.com';
const SETTINGS = {
  AUTH_LEAKED_KEYS: 'revoke' as const,
  AUTH_SECRET_KEYS: [Buffer.alloc(32, 'a key for tests, of no value')],
  AUTH_PUBLIC_ORIGINS: [ORIGIN],
};

/** Auth with the Redis of its throttles. */
export async function startAuth(
  config: Partial<AuthConfig> = {},
): Promise<{ auth: ServiceUnderTest; redis: RedisServer }> {
  const redis = await startRedis();
  const auth = await ServiceUnderTest.start({
    service: 'auth',
    modules: (databaseUrl) => [AuthModule.persistence(databaseUrl), AuthModule],
    responses: async (gateway) => {
      const digest = credentialDigest('never issued');
      const response = gateway.request(verifyCredential, { kind: 'session', digest });
      await expect(response).rejects.toMatchObject({ code: 'AUTH.CREDENTIAL_REFUSED' });
    },
    also: {
      providers: [
        { provide: CONFIG, useValue: { ...SETTINGS, ...MAIL_CONFIG, REDIS_URL: redis.url, ...config } },
      ],
      stop: () => redis.stop(),
    },
  });
  return { auth, redis };
}

export const PASSWORD = 'correct horse battery';

/** The requests that tests send through the gateway's bus. */
export class PortalUser {
  constructor(private readonly gateway: Bus) {}

  /** Registers a partner with an owner of a new address, or of the given one. */
  register(
    email = `${newId('request').toLowerCase()}@example.com`,
  ): Promise<OutputOf<typeof registerPartner>> {
    return this.gateway.request(registerPartner, { name: 'Ada Energy', email, password: PASSWORD });
  }

  logIn(email: string, password = PASSWORD, client_ip?: string): Promise<OutputOf<typeof createSession>> {
    return this.gateway.request(createSession, { email, password, ...(client_ip ? { client_ip } : {}) });
  }

  /** Verifies a credential as a gateway does that does not remember it. */
  async verify(kind: 'api_key' | 'session', secret: string): Promise<Principal> {
    const digest = credentialDigest(secret);
    return (await this.gateway.request(verifyCredential, { kind, digest })).principal;
  }

  /** A new partner's owner, logged in. */
  async owner(): Promise<Principal> {
    const { user } = await this.register();
    return this.verify('session', (await this.logIn(user.email)).token);
  }
}

/** The newest mail to an address whose subject contains these words, with the secret of its link. */
export async function mailTo(
  smtp: SmtpServerHandle,
  address: string,
  words: string,
): Promise<{ subject: string; text: string; html: string; token: string }> {
  return eventually(() => {
    const mail = smtp.messages
      .filter((one) => one.to.includes(address) && one.subject.includes(words))
      .at(-1);
    if (!mail) throw new Error(`no mail "${words}" to ${address}`);
    const { subject, text, html = '' } = mail;
    return { subject, text, html, token: /#token=([0-9A-Za-z]{43})/.exec(text)?.[1] ?? '' };
  });
}
