import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { withSelfHealing } from '@gridworks/resilience';
import { z } from 'zod';

/** The document that GitHub publishes at https://api.github.com/meta/public_keys/secret_scanning. */
export const scannerKeysSchema = z.object({
  public_keys: z
    .array(z.object({ key_identifier: z.string().min(1).max(200), key: z.string().max(2000) }))
    .max(100),
});
type ScannerKeysDocument = z.output<typeof scannerKeysSchema>;

/** An identifier that is not known leads to another look at the published keys, at most this often. */
const FETCH_EVERY_MS = 60_000;
const MAX_DOCUMENT_BYTES = 64 << 10;
const FETCH_DEADLINE_MS = 1500;

export interface ScannerKeysOptions {
  /** The keys themselves, or null. */
  readonly document: ScannerKeysDocument | null;
  /** Where they are published, or null. */
  readonly url: string | null;
  readonly now?: () => number;
}

/** The public keys of the scanner that reports leaked keys: ECDSA P-256, by identifier. */
export class ScannerKeys {
  readonly #keys = new Map<string, KeyObject>();
  readonly #now: () => number;
  readonly #fetch: (() => Promise<ScannerKeysDocument>) | null;
  #fetchedAt = Number.NEGATIVE_INFINITY;

  constructor({ document, url, now = Date.now }: ScannerKeysOptions) {
    this.#now = now;
    if (document) this.#take(document);
    this.#fetch =
      url === null
        ? null
        : withSelfHealing(() => fetchKeys(url), {
            source: 'gateway.scanner-keys.fetch',
            category: 'api',
            dependency: 'http',
            dependencyName: 'scanner-keys',
            idempotent: true,
            deadlineMs: FETCH_DEADLINE_MS,
          });
  }

  /**
   * Whether the scanner signed exactly these bytes. Rejects when the keys are published and cannot be read now.
   * @param signature base64 of the signature in ASN.1 (DER), over SHA-256 of the bytes
   */
  async hasSigned(body: Buffer, identifier: string, signature: string): Promise<boolean> {
    const key = this.#keys.get(identifier) ?? (await this.#findNew(identifier));
    if (!key) return false;
    try {
      return verify('sha256', body, key, Buffer.from(signature, 'base64'));
    } catch {
      return false; // not a signature at all
    }
  }

  async #findNew(identifier: string): Promise<KeyObject | undefined> {
    const now = this.#now();
    if (!this.#fetch || now - this.#fetchedAt < FETCH_EVERY_MS) return undefined;
    this.#fetchedAt = now;
    try {
      this.#take(await this.#fetch());
    } catch (error) {
      this.#fetchedAt = Number.NEGATIVE_INFINITY;
      throw error;
    }
    return this.#keys.get(identifier);
  }

  /** Keys that are no longer published are forgotten. Those of another kind are left out. */
  #take({ public_keys }: ScannerKeysDocument): void {
    this.#keys.clear();
    for (const { key_identifier, key: pem } of public_keys) {
      const key = readKey(pem);
      if (key?.asymmetricKeyDetails?.namedCurve === 'prime256v1') this.#keys.set(key_identifier, key);
    }
  }
}

function readKey(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem);
  } catch {
    return null;
  }
}

/** The address is one of the operator's settings; a redirect is not followed, and no long document is read. */
async function fetchKeys(url: string): Promise<ScannerKeysDocument> {
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(FETCH_DEADLINE_MS),
  });
  if (!response.ok) throw Object.assign(new Error(`the keys' address responds ${response.status}`), response);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_DOCUMENT_BYTES) throw new Error('the document with the keys is too long');
    chunks.push(chunk);
  }
  return scannerKeysSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
}
