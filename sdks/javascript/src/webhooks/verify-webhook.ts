import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { PortalError } from '../portal-error.ts';

export interface WebhookRequest {
  /** The body as received, byte for byte: not parsed and serialised again. */
  readonly payload: string | Uint8Array;
  readonly headers:
    | Readonly<Record<string, string | readonly string[] | undefined>>
    | { get(name: string): string | null };
}

export interface WebhookOptions {
  /**
   * `whsec_...` (HMAC-SHA256) or `whpk_...` (the Ed25519 public key); several during the rotation of a
   * secret.
   */
  readonly secret: string | readonly string[];
  /** The largest difference between the time of sending and now, in seconds. 300. */
  readonly toleranceS?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export interface Webhook<T = unknown> {
  /** The id is the same for each delivery of one event: handle an id once. */
  readonly id: string;
  readonly sentAt: Date;
  readonly type: string;
  readonly timestamp: string;
  readonly data: T;
}

const refused = (why: string): PortalError =>
  new PortalError(`The webhook ${why}.`, { code: 'CLIENT.WEBHOOK_REFUSED' });

/**
 * Verifies that a webhook is from the portal, unchanged and recent, and returns its event. The format is
 * Standard Webhooks 1.0.0: `{id}.{timestamp}.{body}`, signed; one valid signature of several is enough.
 * @throws PortalError `CLIENT.WEBHOOK_REFUSED` for any other webhook
 */
export function verifyWebhook<T = unknown>(
  { payload, headers }: WebhookRequest,
  options: WebhookOptions,
): Webhook<T> {
  const { toleranceS = 300, now = Date.now } = options;
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(headers, name),
  );
  if (!id || !timestamp || !signatures) throw refused('has no signature');
  const sentAtS = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(now() / 1000 - sentAtS) <= toleranceS)) throw refused('was not sent recently');
  const body = typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload);
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const secrets = typeof options.secret === 'string' ? [options.secret] : options.secret;
  const isGood = signatures
    .split(' ')
    .some((one) => secrets.some((secret) => isSignature(one, signed, secret)));
  if (!isGood) throw refused('has a wrong signature');
  const {
    type,
    timestamp: at,
    data,
  } = JSON.parse(body.toString()) as { type: string; timestamp: string; data: T };
  return { id, sentAt: new Date(sentAtS * 1000), type, timestamp: at, data };
}

function headerOf(headers: WebhookRequest['headers'], name: string): string | undefined {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'string' ? found : undefined;
}

/** The 12 bytes that make a raw Ed25519 key SPKI (RFC 8410) when put before it. */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

function isSignature(text: string, signed: Buffer, secret: string): boolean {
  const [version, signature = ''] = text.split(',', 2);
  const given = Buffer.from(signature, 'base64');
  const key = Buffer.from(secret.replace(/^wh(sec|pk)_/, ''), 'base64');
  if (version === 'v1' && !secret.startsWith('whpk_')) {
    const expected = createHmac('sha256', key).update(signed).digest();
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
  if (version !== 'v1a' || !secret.startsWith('whpk_') || key.length !== 32) return false;
  const publicKey = createPublicKey({ key: Buffer.concat([ED25519_SPKI, key]), format: 'der', type: 'spki' });
  return verify(null, signed, publicKey, given);
}
