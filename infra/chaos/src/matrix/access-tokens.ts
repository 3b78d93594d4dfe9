import { createDecipheriv, createHash, createPrivateKey, hash, randomBytes, sign } from 'node:crypto';
import type { Person, PortalPeople } from './portal-people.ts';

type Json = Readonly<Record<string, unknown>>;

const REDIRECT_URI = 'https://application.example/callback';
const encode = (value: Json): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part = ''): Json => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json;

/**
 * An access token with other claims than a valid one, signed by the portal's own key: what nobody outside of auth can make, so
 * that the claims alone decide. The private half is opened with the secret key of auth.
 */
export async function signedAnew(people: PortalPeople, token: string, claims: Json): Promise<string> {
  const [head, payload] = token.split('.');
  const { kid } = decode(head) as { kid: string };
  const [row] = await people.query<{ private_key: string }>(
    'select private_key from auth.signing_keys where kid = $1',
    [kid],
  );
  const privateKey = createPrivateKey({
    format: 'jwk',
    key: JSON.parse(unsealed(row?.private_key ?? '', kid, people.system.authSecretKeys)),
  });
  const input = `${head}.${encode({ ...decode(payload), ...claims })}`;
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`;
}

/** Opens what auth has sealed: `v1.<key>.<nonce>.<text>.<tag>`, AES-256-GCM with the owner as authenticated data. */
function unsealed(sealed: string, owner: string, keys: readonly Buffer[]): string {
  const [, name, nonce = '', text = '', tag = ''] = sealed.split('.');
  const key = keys.find((one) => hash('sha256', one, 'hex').startsWith(name ?? ' '));
  if (!key) throw new Error('the signing key is sealed with a key that is not among AUTH_SECRET_KEYS');
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), {
    authTagLength: 16,
  });
  decipher.setAAD(Buffer.from(owner)).setAuthTag(Buffer.from(tag, 'base64url'));
  return `${decipher.update(Buffer.from(text, 'base64url'), undefined, 'utf8')}${decipher.final('utf8')}`;
}

/**
 * A token of a person through an application of the owner's partner, by a code with PKCE (RFC 6749, 4.1; RFC 7636). Makes
 * each request of the browser and of the application.
 * @param session of the person
 */
export async function tokenByCode(
  people: PortalPeople,
  owner: Person,
  session: string,
  scopes: readonly string[],
): Promise<string> {
  const application = await people.call<{ id: string; client_secret: string }>(
    ...(['POST', '/v1/applications', owner.token] as const),
    { name: 'Matrix', kind: 'web', scopes, redirect_uris: [REDIRECT_URI] },
  );
  const browser = new Browser(people.system.url, session);
  const verifier = randomBytes(32).toString('base64url');
  const asking = new URLSearchParams({
    ...{ response_type: 'code', client_id: application.id, redirect_uri: REDIRECT_URI },
    ...{ scope: scopes.join(' '), state: 'matrix', code_challenge_method: 'S256' },
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  });
  const page = await browser.follow(`/oauth/authorize?${asking}`);
  const decided = await browser.post(`/v1/authorizations/${page.searchParams.get('uid')}/decision`, {
    accept: true,
  });
  const back = await browser.follow(String(decided.redirect_to));
  const response = await fetch(`${people.system.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', code: back.searchParams.get('code') ?? '' },
      ...{ redirect_uri: REDIRECT_URI, code_verifier: verifier },
      ...{ client_id: application.id, client_secret: application.client_secret },
    }),
  });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`an application got no token by its code: ${response.status}`);
  return token;
}

/** Keeps the cookies of the provider, as the browser of one person. */
class Browser {
  readonly #url: string;
  readonly #session: string;
  readonly #cookies = new Map<string, string>();

  constructor(url: string, session: string) {
    this.#url = url;
    this.#session = session;
  }

  /** Opens an address of the portal, and returns the one that the browser is sent to. */
  async follow(address: string): Promise<URL> {
    const response = await this.#send(address, {});
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${address} leads nowhere: ${response.status}`);
    return new URL(location, this.#url);
  }

  async post(path: string, body: Json): Promise<Json> {
    const response = await this.#send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#session}` },
      body: JSON.stringify(body),
    });
    if (response.status !== 200) throw new Error(`POST ${path} returned ${response.status}`);
    return (await response.json()) as Json;
  }

  async #send(address: string, init: RequestInit): Promise<Response> {
    const { pathname, search } = new URL(address, this.#url);
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${this.#url}${pathname}${search}`, {
      ...init,
      headers: { ...init.headers, cookie },
      redirect: 'manual',
    });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }
}
