import { hash } from 'node:crypto';
import { AppError, PROVIDER_REFUSED, PROVIDER_UNAVAILABLE } from '@gridworks/contracts';
import { type HealingEnvironment, withSelfHealing } from '@gridworks/resilience';
import type { Configuration, CustomFetch } from 'openid-client';

/** What the portal is at a provider. */
export interface OidcRegistration {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What an attempt keeps for the moment when the browser comes back. */
export interface OidcAttempt {
  readonly state: string;
  readonly nonce: string;
  /** The PKCE verifier (RFC 7636). */
  readonly verifier: string;
  readonly redirectUri: string;
}

/** What the provider has put into the address of the callback page. */
export interface ProviderAnswer {
  readonly code?: string | undefined;
  readonly iss?: string | undefined;
  readonly error?: string | undefined;
}

export interface OidcOptions {
  /** Of the call sites: `auth.log-in-provider`. */
  readonly source: string;
  /** The breaker; false where one provider's fault must not close the way to the others. */
  readonly breaker: string | false;
  /** Whether `http:` is accepted. */
  readonly allowHttp: boolean;
  readonly fetch?: CustomFetch | undefined;
  readonly environment?: HealingEnvironment | undefined;
}

type Library = typeof import('openid-client');

const ATTEMPT_MS = 3000;
const DEADLINE_MS = 8000;
/** For how long a discovered provider is used without a look at its document, and, while it is away, at most. */
const FRESH_MS = 15 * 60_000;
const STALE_MS = 24 * 60 * 60_000;
const MOST = 200;

/**
 * Logs people in at OpenID Connect providers: the code flow with PKCE (S256), state, nonce, and the check of `iss` (RFC
 * 9207). The library is loaded with the first log-in. The document of a provider is read again every quarter of an hour,
 * and the last good one serves while the provider's document is away. The exchange of a code is not repeated, unless the
 * provider surely did not see it: a code counts once.
 */
export class OidcClient {
  readonly #options: OidcOptions;
  readonly #discovered = new Map<string, { readonly at: number; readonly found: Promise<Configuration> }>();
  readonly #discover: (registration: OidcRegistration) => Promise<Configuration>;
  readonly #exchange: (call: Exchange) => Promise<Record<string, unknown>>;

  constructor(options: OidcOptions) {
    this.#options = options;
    const shared = {
      category: 'api',
      dependency: 'http',
      deadlineMs: DEADLINE_MS,
      attemptMs: ATTEMPT_MS,
      dependencyName: options.breaker || 'identity-provider',
      breaker: options.breaker === false ? false : { name: options.breaker },
      ...(options.environment ? { environment: options.environment } : {}),
    } as const;
    this.#discover = withSelfHealing((registration: OidcRegistration) => this.#find(registration), {
      ...shared,
      source: `${options.source}.discover`,
      idempotent: true,
      retry: { attempts: 1 },
      cache: { key: keyOf, staleMs: STALE_MS, maxEntries: MOST },
    });
    this.#exchange = withSelfHealing((call: Exchange) => exchange(call), {
      ...shared,
      source: `${options.source}.exchange`,
      isBusinessError: isRefusal,
    });
  }

  /** Where the browser goes. Rejects with `AUTH.PROVIDER_UNAVAILABLE`. */
  async authorizationUrl(
    registration: OidcRegistration,
    { state, nonce, verifier, redirectUri }: OidcAttempt,
    more: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const library = await import('openid-client');
    const configuration = await this.#configurationOf(registration);
    return library.buildAuthorizationUrl(configuration, {
      ...{ redirect_uri: redirectUri, scope: 'openid email profile', state, nonce },
      code_challenge: await library.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...more,
    }).href;
  }

  /**
   * The claims of the person: those of the ID token and, where that names no address, of the userinfo endpoint. Rejects with
   * `AUTH.PROVIDER_REFUSED` when the provider refused, or when anything about its response is not as it must be; with
   * `AUTH.PROVIDER_UNAVAILABLE` when it does not respond.
   */
  async claims(
    registration: OidcRegistration,
    attempt: OidcAttempt,
    answer: ProviderAnswer,
  ): Promise<Record<string, unknown>> {
    refuseError(answer);
    const configuration = await this.#configurationOf(registration);
    const library = await import('openid-client');
    try {
      return await this.#exchange({ library, configuration, attempt, url: callbackUrl(attempt, answer) });
    } catch (error) {
      throw asAppError(error);
    }
  }

  async #configurationOf(registration: OidcRegistration): Promise<Configuration> {
    const key = keyOf(registration);
    const known = this.#discovered.get(key);
    if (known && Date.now() - known.at < FRESH_MS) return known.found;
    const found = this.#discover(registration).catch((error: unknown) => {
      this.#discovered.delete(key);
      throw new AppError(PROVIDER_UNAVAILABLE, { cause: error });
    });
    this.#discovered.delete(key);
    this.#discovered.set(key, { at: Date.now(), found });
    for (const oldest of this.#discovered.keys()) {
      if (this.#discovered.size <= MOST) break;
      this.#discovered.delete(oldest);
    }
    return found;
  }

  async #find({ issuer, clientId, clientSecret }: OidcRegistration): Promise<Configuration> {
    const library = await import('openid-client');
    return library.discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: ATTEMPT_MS / 1000,
      ...(this.#options.fetch ? { [library.customFetch]: this.#options.fetch } : {}),
      execute: [
        // The signature of the ID token is checked, too, although it comes over TLS from the provider itself.
        library.enableNonRepudiationChecks,
        ...(this.#options.allowHttp ? [library.allowInsecureRequests] : []),
      ],
    });
  }
}

interface Exchange {
  readonly library: Library;
  readonly configuration: Configuration;
  readonly attempt: OidcAttempt;
  readonly url: URL;
}

async function exchange({
  library,
  configuration,
  attempt,
  url,
}: Exchange): Promise<Record<string, unknown>> {
  const tokens = await library.authorizationCodeGrant(configuration, url, {
    expectedState: attempt.state,
    expectedNonce: attempt.nonce,
    pkceCodeVerifier: attempt.verifier,
    idTokenExpected: true,
  });
  const claims: Record<string, unknown> = { ...tokens.claims() };
  if (claims.email !== undefined || !configuration.serverMetadata().userinfo_endpoint) return claims;
  const more = await library.fetchUserInfo(configuration, tokens.access_token, String(claims.sub));
  return { ...more, ...claims };
}

/** Registrations with another secret are other registrations; the secret itself is no key. */
const keyOf = ({ issuer, clientId, clientSecret }: OidcRegistration): string =>
  hash('sha256', JSON.stringify([issuer, clientId, clientSecret]), 'hex');

/** The address of the callback page, as the browser has it. */
export function callbackUrl(
  attempt: Pick<OidcAttempt, 'redirectUri' | 'state'>,
  answer: ProviderAnswer,
): URL {
  const url = new URL(attempt.redirectUri);
  url.searchParams.set('state', attempt.state);
  if (answer.code !== undefined) url.searchParams.set('code', answer.code);
  if (answer.iss !== undefined) url.searchParams.set('iss', answer.iss);
  return url;
}

/** Throws `AUTH.PROVIDER_REFUSED` with the provider's code when the person, or the provider, said no. */
export function refuseError({ error, code }: ProviderAnswer): void {
  if (error !== undefined)
    throw new AppError(PROVIDER_REFUSED, {
      detail: /^[a-z_]{1,60}$/.test(error)
        ? `The provider says: ${error}.`
        : 'The provider did not say why it refused.',
    });
  if (code === undefined) throw new AppError(PROVIDER_REFUSED, { detail: 'The provider sent no code.' });
}

/** Whether an error is a refusal or a response that must not count, not a fault of the way to the provider. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, status, cause } = error as { code?: unknown; status?: unknown; cause?: unknown };
  if (typeof status === 'number') return status < 500;
  if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT') return false;
  const responded = (cause as { status?: unknown } | undefined)?.status;
  return (
    typeof code === 'string' &&
    code.startsWith('OAUTH_') &&
    !(typeof responded === 'number' && responded >= 500)
  );
}

/** The error for the caller. No text of the provider is in it: that may be anybody's. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError(isRefusal(error) ? PROVIDER_REFUSED : PROVIDER_UNAVAILABLE, { cause: error });
}
