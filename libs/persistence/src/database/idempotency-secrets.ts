import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The values that are stored instead of an idempotency key, derived from it. Requests contain passwords and
 * responses contain API keys, which must not be in the database for two days: without the caller's key
 * neither can be read or guessed. This is as strong as the key is hard to guess; the documentation tells
 * clients to use a random one.
 */
export class IdempotencySecrets {
  /** The id of the row, in hexadecimal. */
  readonly id: string;
  readonly #requestKey: Buffer;
  readonly #responseKey: Buffer;

  constructor(scope: string, key: string) {
    const material = Buffer.from(hkdfSync('sha256', key, scope, 'gridworks idempotency key', 96));
    this.id = material.subarray(0, 32).toString('hex');
    this.#requestKey = material.subarray(32, 64);
    this.#responseKey = material.subarray(64);
  }

  /** A digest of the request, in hexadecimal; the same request gives the same digest. */
  digest(request: string): string {
    return createHmac('sha256', this.#requestKey).update(request).digest('hex');
  }

  /** Base64 of nonce, tag and encrypted text. */
  seal(response: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#responseKey, nonce);
    const text = Buffer.concat([cipher.update(response, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64');
  }

  /** Throws when the text was sealed with another key, or altered. */
  open(sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv(CIPHER, this.#responseKey, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = bytes.subarray(NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  }
}
