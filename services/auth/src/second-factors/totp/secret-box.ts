import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const VERSION = 'v1';

interface SecretConfig {
  /** Keys of 32 bytes. The first one encrypts, all of them decrypt. */
  readonly AUTH_SECRET_KEYS: readonly Buffer[];
}

/**
 * Encrypts what the service must be able to read again, with AES-256-GCM (NIST SP 800-38D, a random nonce of 96 bits). The
 * owner is authenticated data: a row that was copied to another user cannot be opened.
 */
@Injectable()
export class SecretBox {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #current: string;

  constructor(@Inject(CONFIG) { AUTH_SECRET_KEYS: keys }: SecretConfig) {
    const [first] = keys;
    if (!first) throw new Error('AUTH_SECRET_KEYS has no key');
    this.#keys = new Map(keys.map((key) => [nameOf(key), key]));
    this.#current = nameOf(first);
  }

  /** `v1.<key>.<nonce>.<text>.<tag>`, each in base64url. */
  seal(text: string, owner: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#keys.get(this.#current) as Buffer, nonce);
    cipher.setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return [
      VERSION,
      this.#current,
      ...[nonce, sealed, cipher.getAuthTag()].map((each) => each.toString('base64url')),
    ].join('.');
  }

  /** Throws when the text was changed, belongs to another owner, or its key is no longer configured. */
  open(sealed: string, owner: string): string {
    const [version, name = '', nonce = '', text = '', tag = ''] = sealed.split('.');
    const key = this.#keys.get(name);
    if (version !== VERSION || !key)
      throw new Error(`a secret needs the key ${name}, which is not among AUTH_SECRET_KEYS`);
    const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(nonce, 'base64url'), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(owner)).setAuthTag(Buffer.from(tag, 'base64url'));
    return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString(
      'utf8',
    );
  }

  /** Whether the text was encrypted with the first key. */
  isCurrent(sealed: string): boolean {
    return sealed.split('.')[1] === this.#current;
  }
}

/** The name of a key: says which one it is, and nothing about it. */
function nameOf(key: Buffer): string {
  return hash('sha256', key, 'hex').slice(0, 8);
}
