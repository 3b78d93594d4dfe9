import type { Bus } from '@gridworks/bus';
import {
  beginExternalIdentity,
  completeLogInAttempt,
  createLogInAttempt,
  credentialDigest,
  linkExternalIdentity,
  newLinkToken,
  newSessionToken,
  type OutputOf,
  type Principal,
  registerByLogInAttempt,
  verifyCredential,
} from '@gridworks/contracts';

/** As much time as the gateway gives: the first log-in loads a library, and the provider is asked. */
export const PATIENT = { deadlineMs: 10_000 };

export type Answer = { state: string; code?: string; iss?: string; error?: string };

/** What the callback page sends of its address. */
export function answerOf(url: URL): Answer {
  return Object.fromEntries(
    ['state', 'code', 'iss', 'error'].flatMap((name) => {
      const value = url.searchParams.get(name);
      return value === null ? [] : [[name, value]];
    }),
  ) as Answer;
}

/** A browser with the cookie of its log-ins at providers, as the gateway presents it to auth. */
export class BrowserAtAuth {
  readonly digest = credentialDigest(newLinkToken());
  sessionDigest = '';

  constructor(readonly gateway: Bus) {}

  async begin(provider: string, more: { origin?: string; return_to?: string } = {}): Promise<string> {
    const begun = await this.gateway.request(
      createLogInAttempt,
      {
        ...{ provider, browser_digest: this.digest },
        ...more,
      },
      PATIENT,
    );
    return begun.authorization_url;
  }

  complete(answer: Answer): Promise<OutputOf<typeof completeLogInAttempt>> {
    this.sessionDigest = credentialDigest(newSessionToken());
    return this.gateway.request(
      completeLogInAttempt,
      {
        ...answer,
        ...{ browser_digest: this.digest, session_digest: this.sessionDigest, client_ip: '198.51.100.7' },
      },
      PATIENT,
    );
  }

  register(state: string, name: string): Promise<OutputOf<typeof registerByLogInAttempt>> {
    this.sessionDigest = credentialDigest(newSessionToken());
    return this.gateway.request(registerByLogInAttempt, {
      ...{ state, name, browser_digest: this.digest, session_digest: this.sessionDigest },
    });
  }

  async beginLink(provider: string, principal: Principal): Promise<string> {
    const input = { provider, browser_digest: this.digest };
    return (await this.gateway.request(beginExternalIdentity, input, { principal, ...PATIENT }))
      .authorization_url;
  }

  link(answer: Answer, principal: Principal): Promise<OutputOf<typeof linkExternalIdentity>> {
    return this.gateway.request(
      linkExternalIdentity,
      { ...answer, browser_digest: this.digest },
      { principal, ...PATIENT },
    );
  }

  /** The principal of the session that the last log-in opened. */
  async principal(): Promise<Principal> {
    const found = await this.gateway.request(verifyCredential, {
      kind: 'session',
      digest: this.sessionDigest,
    });
    return found.principal;
  }
}
