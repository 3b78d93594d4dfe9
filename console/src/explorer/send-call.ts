import type { PreparedCall } from './prepare-call.ts';

/** What came back. */
export interface CallResponse {
  readonly status: number;
  /** `OK`; empty over HTTP/2. */
  readonly statusText: string;
  /** From the sending to the end of the body, in milliseconds, as this page saw it. */
  readonly tookMs: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** The body as JSON; undefined when it is something else. */
  readonly json: unknown;
  readonly bytes: number;
  /** The media type. */
  readonly type: string;
}

const TIMEOUT_MS = 30_000;

/**
 * Sends a call as it is, once. With a bearer the cookie stays at home; without one the session of this browser counts, which needs its
 * token for writes. Rejects when no response came.
 */
export async function sendCall(
  call: PreparedCall,
  csrfToken: string | null,
  origin = location.origin,
): Promise<CallResponse> {
  const headers = new Headers(call.headers.map(({ name, value }) => [name, value] as [string, string]));
  if (csrfToken !== null && call.method !== 'GET') headers.set('csrf-token', csrfToken);
  const startedAt = performance.now();
  const response = await fetch(origin + call.address, {
    method: call.method,
    headers,
    ...(call.body === null ? {} : { body: call.body }),
    credentials: csrfToken === null ? 'omit' : 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return {
    status: response.status,
    statusText: response.statusText,
    type,
    tookMs: performance.now() - startedAt,
    headers: [...response.headers],
    body,
    json: readJson(type, body),
    bytes: new TextEncoder().encode(body).length,
  };
}

function readJson(type: string, body: string): unknown {
  if (!/^application\/([\w.-]+\+)?json\b/.test(type)) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
