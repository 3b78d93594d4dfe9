import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

type Json = Readonly<Record<string, unknown>>;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs any header and payload with an Ed25519 or RSA key. */
export function signed(header: Json, payload: Json, key: KeyObject, digest: string | null = null): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${sign(digest, Buffer.from(input), key).toString('base64url')}`;
}

const hmac = (header: Json, payload: Json, secret: string | Buffer): string => {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};

/** What a forger has: a real token, read; the public key; and keys of their own. */
export interface Known {
  readonly token: string;
  readonly header: Json & { readonly kid: string };
  readonly payload: Json;
  readonly publicKey: KeyObject;
  /** An address of the forger, who publishes keys there. */
  readonly forger: string;
}

/** Tokens that a forger makes without the private key: name and token. */
export function forgedTokens({ token, header, payload, publicKey, forger }: Known): [string, string][] {
  const own = generateKeyPairSync('ed25519');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const ownJwk = own.publicKey.export({ format: 'jwk' });
  const [head = '', body = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const byOwn = (more: Json, key = own.privateKey) => signed({ ...header, ...more }, payload, key);
  const without = (name: string) =>
    Object.fromEntries(Object.entries(header).filter(([key]) => key !== name));

  const none = ['none', 'None', 'NONE', 'nOnE', ''].flatMap((alg): [string, string][] => [
    [`alg ${alg || 'empty'}, no signature`, `${encode({ ...header, alg })}.${body}.`],
    [`alg ${alg || 'empty'}, old signature`, `${encode({ ...header, alg })}.${body}.${signature}`],
  ]);
  const secrets: [string, string | Buffer][] = [
    ['the key as PEM', publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    ['the key as DER', publicKey.export({ type: 'spki', format: 'der' })],
    ['the key’s bytes', Buffer.from(jwk.x ?? '', 'base64url')],
    ['the key’s text', jwk.x ?? ''],
    ['the key as JSON', JSON.stringify(jwk)],
    ['nothing', ''],
  ];
  const confused = secrets.map(([name, secret]): [string, string] => [
    `HS256 with ${name}`,
    hmac({ ...header, alg: 'HS256' }, payload, secret),
  ]);
  const kids: unknown[] = [
    ...[
      'unknown',
      '',
      '../../../../dev/null',
      '/etc/passwd',
      "' or '1'='1",
      `x'; drop table signing_keys; --`,
    ],
    ...[
      '__proto__',
      'constructor',
      `${header.kid} `,
      header.kid.toLowerCase(),
      '\u0000',
      `${header.kid}\u0000`,
    ],
    ...[null, 0, true, [header.kid], { $ne: null }, forger],
  ];
  const badKids = kids.map((kid): [string, string] => [`kid ${JSON.stringify(kid)}`, byOwn({ kid })]);
  const headers: [string, string][] = [
    ['own key under our kid', byOwn({})],
    ['own key, no kid', signed(without('kid'), payload, own.privateKey)],
    ['jwk in the header', byOwn({ jwk: ownJwk })],
    ['jwk with our kid', byOwn({ jwk: { ...ownJwk, kid: header.kid } })],
    ['jku', byOwn({ jku: `${forger}/jwks.json` })],
    ['jku and an unknown kid', byOwn({ jku: `${forger}/jwks.json`, kid: 'forger' })],
    ['x5u', byOwn({ x5u: `${forger}/cert.pem` })],
    ['x5c', byOwn({ x5c: [own.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] })],
    ['RS256', signed({ ...header, alg: 'RS256' }, payload, rsa.privateKey, 'sha256')],
    ['ES256', signed({ ...header, alg: 'ES256' }, payload, ec.privateKey, 'sha256')],
    ['Ed25519 as its name', byOwn({ alg: 'Ed25519' })],
    ['RS256 over an Ed25519 signature', `${encode({ ...header, alg: 'RS256' })}.${body}.${signature}`],
    ['HS256 over an Ed25519 signature', `${encode({ ...header, alg: 'HS256' })}.${body}.${signature}`],
  ];
  const other = encode({
    ...payload,
    sub: 'app_00000000000000000000AA',
    client_id: 'app_00000000000000000000AA',
  });
  const more = encode({ ...payload, scope: 'identity:read tickets:read usage:read tickets:write' });
  const changed: [string, string][] = [
    ['another subject', `${head}.${other}.${signature}`],
    ['more scopes', `${head}.${more}.${signature}`],
    ['no signature', `${head}.${body}.`],
    ['no signature part', `${head}.${body}`],
    ['half of the signature', `${head}.${body}.${signature.slice(0, 43)}`],
    ['a longer signature', `${head}.${body}.${signature}AAAA`],
    ['signature of zeros', `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`],
    ['a fourth part', `${token}.${signature}`],
    ['five parts', `${head}.${body}.${signature}.${body}.${signature}`],
    ['twice', `${token}${token}`],
    ['upper case', token.toUpperCase()],
    ['s beyond the order of the group', `${head}.${body}.${beyondOrder(bytes).toString('base64url')}`],
    ['3,000 characters', `${head}.${body}${'A'.repeat(3000)}.${signature}`],
    ['10,000 characters', `${head}.${body}.${'A'.repeat(10_000)}`],
  ];
  const flipped = Array.from({ length: 16 }, (_, index): [string, string] => {
    const copy = Buffer.from(bytes);
    copy[index * 4] = (copy[index * 4] ?? 0) ^ 1;
    return [`bit ${index * 32} of the signature`, `${head}.${body}.${copy.toString('base64url')}`];
  });
  return [...none, ...confused, ...badKids, ...headers, ...changed, ...flipped];
}

/** The same signature with s + L in place of s: without the check of RFC 8032, 5.1.7 it would be valid, too. */
function beyondOrder(signature: Buffer): Buffer {
  const order = (1n << 252n) + 27742317777372353535851937790883648493n;
  const little = Buffer.from(signature.subarray(32)).reverse().toString('hex');
  const hex = (BigInt(`0x${little}`) + order).toString(16).padStart(64, '0').slice(-64);
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(hex, 'hex').reverse()]);
}
