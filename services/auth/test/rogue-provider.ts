import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a dishonest or damaged provider puts into its responses. */
export interface Tricks {
  /** Changes of the claims of the ID token. */
  claims?: Record<string, unknown>;
  /** How the ID token is signed. */
  signed?: 'rightly' | 'by-another-key' | 'not-at-all';
  /** The issuer of the discovery document. */
  issuer?: string;
}

export interface RogueProvider {
  readonly issuer: string;
  tricks: Tricks;
  /** The forms that the token endpoint got. */
  readonly exchanges: URLSearchParams[];
  /** Comes back from the provider: the address of the callback page. */
  answer(authorizationUrl: string): URL;
  stop(): Promise<void>;
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A provider that takes every code and checks nothing, so that only the portal's own checks remain. */
export async function startRogueProvider(clientId: string): Promise<RogueProvider> {
  const keys = [0, 1].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));
  const [right, other] = keys as [(typeof keys)[0], (typeof keys)[0]];
  const exchanges: URLSearchParams[] = [];
  const nonces = new Map<string, string>();
  const rogue = { tricks: {} as Tricks, issuer: '' };
  const idTokenOf = (code: string): string => {
    const { claims, signed = 'rightly' } = rogue.tricks;
    const now = Math.floor(Date.now() / 1000);
    const body = part({
      ...{ iss: rogue.issuer, aud: clientId, sub: 'mallory', iat: now, exp: now + 300 },
      ...{ nonce: nonces.get(code), email: 'mallory@example.com', email_verified: true },
      ...claims,
    });
    if (signed === 'not-at-all') return `${part({ alg: 'none' })}.${body}.`;
    const head = part({ alg: 'RS256', kid: 'one' });
    const key = signed === 'rightly' ? right.privateKey : other.privateKey;
    return `${head}.${body}.${createSign('sha256').update(`${head}.${body}`).sign(key).toString('base64url')}`;
  };
  const server = createServer(async (request, response) => {
    const json = (value: unknown) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (request.url === '/.well-known/openid-configuration')
      return json({
        issuer: rogue.tricks.issuer ?? rogue.issuer,
        authorization_endpoint: `${rogue.issuer}/auth`,
        token_endpoint: `${rogue.issuer}/token`,
        jwks_uri: `${rogue.issuer}/jwks`,
        authorization_response_iss_parameter_supported: true,
        id_token_signing_alg_values_supported: ['RS256', 'none'],
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
      });
    if (request.url === '/jwks')
      return json({
        keys: [{ ...right.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }],
      });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    exchanges.push(form);
    return json({ access_token: 'any', token_type: 'Bearer', id_token: idTokenOf(form.get('code') ?? '') });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  rogue.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(rogue, {
    exchanges,
    answer: (authorizationUrl: string): URL => {
      const { searchParams } = new URL(authorizationUrl);
      const code = `code-${nonces.size}`;
      nonces.set(code, searchParams.get('nonce') ?? '');
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      for (const [name, value] of Object.entries({
        code,
        state: searchParams.get('state'),
        iss: rogue.issuer,
      }))
        back.searchParams.set(name, value ?? '');
      return back;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
