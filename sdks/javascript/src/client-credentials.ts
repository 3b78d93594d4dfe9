import { ApiError, ConnectionError } from './portal-error.ts';

export interface ClientCredentialsOptions {
  /** The address of the portal: `https://portal.example.com`. */
  readonly baseUrl: string;
  /** The id of the service account, `app_...`. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Scopes with spaces between them. Default: all of the service account. */
  readonly scope?: string;
  readonly fetch?: typeof fetch;
}

interface TokenResponse {
  readonly access_token?: string;
  readonly expires_in?: number;
  /** Of OAuth (RFC 6749, 5.2). */
  readonly error?: string;
  readonly error_description?: string;
  /** Of a problem document. */
  readonly code?: string;
}

/** A token is replaced this long before its end, in milliseconds. */
const EARLY_MS = 30_000;
const TIMEOUT_MS = 10_000;

/**
 * The credential of a service account, for `new Portal({ credential })`: gets an access token by client credentials (RFC 6749,
 * 4.4), and the next one half a minute before it ends. Simultaneous calls wait for one request. The credential rejects with an
 * `ApiError` (`OAUTH.INVALID_CLIENT`: the secret is wrong, or the service account was revoked) or a `ConnectionError`.
 */
export function clientCredentials(options: ClientCredentialsOptions): () => Promise<string> {
  let current: { readonly token: string; readonly until: number } | null = null;
  let pending: Promise<string> | null = null;
  const renew = async (): Promise<string> => {
    const { access_token: token, expires_in: lifeS = 0 } = await requestToken(options);
    if (!token) throw new ApiError('the response has no token', { code: 'OAUTH.INVALID_RESPONSE' });
    current = { token, until: Date.now() + lifeS * 1000 - EARLY_MS };
    return token;
  };
  return async () => {
    if (current && Date.now() < current.until) return current.token;
    pending ??= renew().finally(() => {
      pending = null;
    });
    return pending;
  };
}

async function requestToken(options: ClientCredentialsOptions): Promise<TokenResponse> {
  const { baseUrl, clientId, clientSecret, scope, fetch: send = fetch } = options;
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) });
  const request = {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`, accept: 'application/json' },
    body: form,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  const response = await send(`${baseUrl}/oauth/token`, request).catch((cause: unknown) => {
    throw new ConnectionError('the portal did not respond', { code: 'CLIENT.CONNECTION_FAILED', cause });
  });
  const body = (await response.json().catch(() => ({}))) as TokenResponse;
  if (response.ok) return body;
  const { code = `OAUTH.${(body.error ?? 'failed').toUpperCase()}` } = body;
  throw new ApiError(body.error_description ?? `no token: ${code}`, {
    ...{ code, status: response.status, requestId: response.headers.get('x-request-id') },
  });
}
