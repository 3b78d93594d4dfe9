import { request } from 'node:http';

/** Where an HTTP server listens: a Unix socket, or a host and port. */
export type HttpAddress = { readonly socketPath: string } | { readonly host: string; readonly port: number };

export interface HttpResponse {
  readonly status: number;
  readonly body: unknown;
}

/** A longer body is not a platform's response. */
const MAX_RESPONSE_BYTES = 4_000_000;

/**
 * Makes one HTTP call with a deadline (ms) over a connection of its own, so that a restarted platform is
 * never called over a dead kept-alive socket. Rejects with the socket's error, or when the deadline has
 * passed; a body that is not JSON becomes null.
 */
export function httpCall(
  address: HttpAddress,
  {
    method,
    path,
    headers = {},
    body,
    timeoutMs,
  }: {
    method: string;
    path: string;
    headers?: Record<string, string>;
    body?: unknown;
    timeoutMs: number;
  },
): Promise<HttpResponse> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const late = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, rejectWith) => {
    const reject = (error: unknown) => rejectWith(late.aborted ? timedOut(timeoutMs) : plain(error));
    const call = request(
      {
        ...address,
        method,
        path,
        agent: false,
        signal: late,
        headers: {
          ...headers,
          ...(payload === undefined
            ? { 'content-length': '0' }
            : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_RESPONSE_BYTES) call.destroy(new Error('the response is too long'));
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks)) }),
        );
      },
    );
    call.on('error', reject);
    call.end(payload);
  });
}

const timedOut = (ms: number): Error =>
  Object.assign(new Error(`no response within ${Math.round(ms)} ms`), { code: 'ETIMEDOUT' });

/** A missing socket file means that nothing listens yet, as on a port. */
function plain(error: unknown): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT' || syscall !== 'connect') return error;
  return Object.assign(new Error(`nothing listens: ${message}`), { code: 'ECONNREFUSED', syscall });
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
