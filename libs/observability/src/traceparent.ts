import { randomFillSync } from 'node:crypto';

const FORM = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;

// Random bytes come from a pool: one system call for 340 ids instead of one each.
const pool = Buffer.allocUnsafe(8184);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const text = pool.toString('hex', used, used + bytes);
  used += bytes;
  return /^0+$/.test(text) ? randomHex(bytes) : text;
}

/** A new trace, sampled: `00-<32 hex>-<16 hex>-01` (W3C Trace Context). */
export function newTraceparent(): string {
  return `00-${randomHex(16)}-${randomHex(8)}-01`;
}

/** Whether the text is a `traceparent` that may be continued according to the W3C. */
export function isTraceparent(text: string | undefined): text is string {
  return text !== undefined && text.length <= 512 && FORM.test(text);
}

/** The 32 hex digits of the trace, or null when the text is not a traceparent. */
export function traceIdOf(traceparent: string | undefined): string | null {
  return isTraceparent(traceparent) ? traceparent.slice(3, 35) : null;
}
