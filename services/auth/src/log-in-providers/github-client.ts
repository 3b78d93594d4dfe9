import { AppError, PROVIDER_UNAVAILABLE } from '@gridworks/contracts';
import { type HealingEnvironment, withSelfHealing } from '@gridworks/resilience';
import { z } from 'zod';
import type { LogInProvider } from './log-in-provider.ts';
import {
  asAppError,
  callbackUrl,
  isRefusal,
  type OidcAttempt,
  type ProviderAnswer,
  refuseError,
} from './oidc-client.ts';
import type { ProvidedIdentity } from './provided-identity.ts';
import { readIdentity } from './provided-identity.ts';

const ATTEMPT_MS = 3000;
const DEADLINE_MS = 8000;
const SCOPE = 'read:user user:email';
/** The newest version of GitHub's REST API that this code knows. */
const API_VERSION = '2022-11-28';

const personSchema = z.object({ id: z.number().int(), name: z.string().nullish(), login: z.string() });
const emailsSchema = z
  .array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))
  .max(1000);

/**
 * Logs people in at GitHub: OAuth 2.0 with PKCE, without OpenID Connect. Who it is, and which addresses are verified, comes
 * from GitHub's API. The subject is the number of the account: names of accounts change hands.
 */
export class GitHubClient {
  readonly #provider: LogInProvider;
  readonly #exchange: (attempt: OidcAttempt, answer: ProviderAnswer) => Promise<string>;
  readonly #read: (path: string, token: string) => Promise<unknown>;

  constructor(provider: LogInProvider, environment?: HealingEnvironment) {
    this.#provider = provider;
    const shared = {
      category: 'api',
      dependency: 'http',
      deadlineMs: DEADLINE_MS,
      attemptMs: ATTEMPT_MS,
      dependencyName: `log-in-provider.${provider.id}`,
      breaker: { name: `log-in-provider.${provider.id}` },
      ...(environment ? { environment } : {}),
    } as const;
    this.#exchange = withSelfHealing(
      (attempt: OidcAttempt, answer: ProviderAnswer) => this.#tokenOf(attempt, answer),
      { ...shared, source: 'auth.log-in-provider.exchange', isBusinessError: isRefusal },
    );
    this.#read = withSelfHealing((path: string, token: string) => this.#get(path, token), {
      ...shared,
      source: 'auth.log-in-provider.read',
      idempotent: true,
      retry: { attempts: 1 },
    });
  }

  async authorizationUrl({ state, verifier, redirectUri }: OidcAttempt): Promise<string> {
    const library = await import('openid-client');
    return library.buildAuthorizationUrl(await this.#configuration(), {
      ...{ redirect_uri: redirectUri, scope: SCOPE, state },
      code_challenge: await library.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).href;
  }

  /** Rejects with `AUTH.PROVIDER_REFUSED` or `AUTH.PROVIDER_UNAVAILABLE`. */
  async identity(attempt: OidcAttempt, answer: ProviderAnswer): Promise<ProvidedIdentity> {
    refuseError(answer);
    try {
      const token = await this.#exchange(attempt, answer);
      const person = personSchema.parse(await this.#read('/user', token));
      const emails = emailsSchema.parse(await this.#read('/user/emails', token));
      const primary = emails.find((one) => one.primary);
      return readIdentity({
        sub: person.id,
        email: primary?.email,
        email_verified: primary?.verified,
        name: person.name ?? person.login,
      });
    } catch (error) {
      if (error instanceof z.ZodError) throw new AppError(PROVIDER_UNAVAILABLE, { cause: error });
      throw asAppError(error);
    }
  }

  async #configuration() {
    const library = await import('openid-client');
    const { issuer, clientId, clientSecret } = this.#provider;
    const server = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/access_token`,
      code_challenge_methods_supported: ['S256'],
    };
    const configuration = new library.Configuration(server, clientId, clientSecret);
    configuration.timeout = ATTEMPT_MS / 1000;
    if (issuer.startsWith('http:')) library.allowInsecureRequests(configuration);
    return configuration;
  }

  async #tokenOf(attempt: OidcAttempt, answer: ProviderAnswer): Promise<string> {
    const library = await import('openid-client');
    const tokens = await library.authorizationCodeGrant(
      await this.#configuration(),
      callbackUrl(attempt, answer),
      { expectedState: attempt.state, pkceCodeVerifier: attempt.verifier },
    );
    return tokens.access_token;
  }

  async #get(path: string, token: string): Promise<unknown> {
    const response = await fetch(`${this.#provider.apiUrl}${path}`, {
      redirect: 'error',
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'user-agent': 'gridworks-partner-portal',
        'x-github-api-version': API_VERSION,
      },
      signal: AbortSignal.timeout(ATTEMPT_MS),
    });
    if (response.ok) return response.json();
    await response.body?.cancel();
    const { status, headers } = response;
    throw Object.assign(new Error(`${path} of the provider responds ${status}`), { status, headers });
  }
}
