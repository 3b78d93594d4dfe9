import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { beginPasskey, OutputOf, PasskeyProof, PasskeyRequest } from '@gridworks/contracts';

type CreationOptions = OutputOf<typeof beginPasskey>['public_key'];
type Cbor = number | string | Uint8Array | Map<number | string, Cbor>;

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();
const base64url = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url');

/** The few forms of CBOR (RFC 8949) that an authenticator writes. */
function cbor(value: Cbor): Buffer {
  const head = (major: number, count: number): Buffer =>
    count < 24
      ? Buffer.from([(major << 5) | count])
      : count < 256
        ? Buffer.from([(major << 5) | 24, count])
        : Buffer.from([(major << 5) | 25, count >> 8, count & 255]);
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  const members = [...value].flatMap(([key, member]) => [cbor(key), cbor(member)]);
  return Buffer.concat([head(5, value.size), ...members]);
}

/** What a browser and its device send: ES256, no attestation (WebAuthn Level 3). Each part can be made wrong. */
export class SoftwareAuthenticator {
  readonly #id = randomBytes(16);
  readonly #key: KeyObject;
  readonly #point: { x: string; y: string };
  #userHandle: string | null = null;
  readonly #origin: string;
  counter = 0;

  /** @param origin of the page that the browser shows: `http://localhost:8080` */
  constructor(origin: string) {
    this.#origin = origin;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    this.#key = privateKey;
    this.#point = { x, y };
  }

  create(options: CreationOptions, verified = true) {
    this.#userHandle = options.user.id;
    const key = new Map<number, Cbor>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(this.#point.x, 'base64url')],
      [-3, Buffer.from(this.#point.y, 'base64url')],
    ]);
    const credential = Buffer.concat([
      Buffer.alloc(16),
      Buffer.from([0, this.#id.length]),
      this.#id,
      cbor(key),
    ]);
    const data = this.#authenticatorData(options.rp.id, 0x40 | flags(verified), credential);
    const attestation = new Map<string, Cbor>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', data],
    ]);
    return {
      ...this.#credential(),
      response: {
        clientDataJSON: base64url(this.#clientData('webauthn.create', options.challenge)),
        attestationObject: base64url(cbor(attestation)),
        transports: ['internal'],
      },
    };
  }

  get(options: PasskeyRequest, wrong: { verified?: boolean; origin?: string } = {}): PasskeyProof {
    const data = this.#authenticatorData(options.rpId, flags(wrong.verified ?? true), Buffer.alloc(0));
    const client = this.#clientData('webauthn.get', options.challenge, wrong.origin);
    return {
      ...this.#credential(),
      response: {
        clientDataJSON: base64url(client),
        authenticatorData: base64url(data),
        signature: base64url(sign('sha256', Buffer.concat([data, sha256(client)]), this.#key)),
        userHandle: this.#userHandle,
      },
    };
  }

  #credential() {
    return { id: base64url(this.#id), rawId: base64url(this.#id), type: 'public-key' as const };
  }

  #clientData(type: string, challenge: string, origin = this.#origin): string {
    return JSON.stringify({ type, challenge, origin, crossOrigin: false });
  }

  #authenticatorData(rpId: string, flagBits: number, rest: Buffer): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flagBits]), counter, rest]);
  }
}

/** User present, and verified. */
const flags = (verified: boolean): number => 0x01 | (verified ? 0x04 : 0);
