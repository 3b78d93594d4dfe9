import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Adapter, type AdapterPayload, Provider } from 'oidc-provider';

/** What the provider says of a person. */
export interface ProviderAccount {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

export interface IdentityProviderOptions {
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** The addresses to which the provider sends browsers back. Later changes count. */
  readonly redirectUris: readonly string[];
  /** By the subject, which is also what a person types in to log in. Later changes count. */
  readonly accounts: Map<string, ProviderAccount>;
}

export interface IdentityProviderHandle {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Requests that the provider got, as `POST /token`. */
  readonly requests: readonly string[];
  /** While set, every request gets this status. */
  fail(status: number | null): void;
  stop(): Promise<void>;
}

/** A real OpenID Connect provider on loopback. Its log-in page asks for the name of an account, and for no password. */
export async function startIdentityProvider(
  options: IdentityProviderOptions,
): Promise<IdentityProviderHandle> {
  const {
    clientId = 'portal',
    clientSecret = 'a secret for tests, of no value',
    redirectUris,
    accounts,
  } = options;
  const requests: string[] = [];
  let failing: number | null = null;
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url?.split('?')[0]}`);
    if (failing !== null) response.writeHead(failing).end();
    else handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  const provider = new Provider(issuer, {
    adapter: storeOf(),
    jwks: { keys: [{ ...key, kid: 'one', alg: 'RS256', use: 'sig' }] },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: ['https://portal.example/log-in/callback'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['a key for tests, of no value'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...accounts.get(id) }),
    }),
    // Nobody is asked for consent: the portal belongs to the operator of the provider.
    loadExistingGrant: async ({ oidc: { client, session } }) => {
      const grant = new provider.Grant({
        clientId: client?.clientId ?? '',
        accountId: session?.accountId ?? '',
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
    ttl: {
      Interaction: 600,
      Session: 600,
      Grant: 600,
      AccessToken: 600,
      IdToken: 600,
      AuthorizationCode: 60,
    },
  });
  // The provider is there before the portal, whose address it must know.
  provider.Client.prototype.redirectUriAllowed = (uri: string) => redirectUris.includes(uri);
  const callback = provider.callback();
  handle = (request, response) => {
    const isInteraction = request.url?.startsWith('/interaction/');
    (isInteraction ? interact(provider, accounts, request, response) : callback(request, response)).catch(
      (error: unknown) => response.destroy(error as Error),
    );
  };
  return {
    ...{ issuer, clientId, clientSecret, requests },
    fail: (status) => {
      failing = status;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Keeps everything in memory, for one provider. */
function storeOf() {
  const rows = new Map<string, AdapterPayload>();
  const find = (matches: (row: AdapterPayload) => boolean) => [...rows.values()].find(matches);
  return (model: string): Adapter => ({
    upsert: async (id, payload) => void rows.set(`${model} ${id}`, { ...payload, model }),
    find: async (id) => rows.get(`${model} ${id}`),
    findByUid: async (uid) => find((row) => row.model === model && row.uid === uid),
    findByUserCode: async () => undefined,
    destroy: async (id) => void rows.delete(`${model} ${id}`),
    consume: async (id) => {
      const row = rows.get(`${model} ${id}`);
      if (row) row.consumed = Math.floor(Date.now() / 1000);
    },
    revokeByGrantId: async (grantId) => {
      for (const [id, row] of rows) if (row.grantId === grantId) rows.delete(id);
    },
  });
}

const PAGE = `<!doctype html><html lang="en"><title>Log in at the provider</title>
<form method="post"><label>Account <input name="account" autofocus></label> <button>Log in</button></form></html>`;

/** The log-in page of the provider. */
async function interact(
  provider: Provider,
  accounts: ReadonlyMap<string, ProviderAccount>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const account = new URLSearchParams(Buffer.concat(chunks).toString('utf8')).get('account') ?? '';
  const result = accounts.has(account)
    ? { login: { accountId: account } }
    : { error: 'access_denied', error_description: 'there is no such account' };
  await provider.interactionFinished(request, response, result);
}

/**
 * Visits a provider as a browser does, logs in as this account, and returns the address that the provider sends the browser
 * back to, which is not visited.
 */
export async function logInAtProvider(authorizationUrl: string, account: string): Promise<URL> {
  const cookies = new Map<string, string>();
  const origin = new URL(authorizationUrl).origin;
  let next: { url: URL; body?: string } = { url: new URL(authorizationUrl) };
  for (let step = 0; step < 10; step++) {
    const { url, body } = next;
    if (url.origin !== origin) return url;
    const response = await fetch(url, {
      redirect: 'manual',
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body === undefined ? {} : { method: 'POST', body }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      const at = pair.indexOf('=');
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = response.headers.get('location');
    await response.body?.cancel();
    if (location !== null) next = { url: new URL(location, url) };
    else if (response.status === 200) next = { url, body: new URLSearchParams({ account }).toString() };
    else throw new Error(`the provider responds ${response.status} at ${url.pathname}`);
  }
  throw new Error('the provider sends the browser in circles');
}
