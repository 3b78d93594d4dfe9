import { get } from 'node:http';

/** The outcome of a GET: a status, or the reason why there was none. */
export type HttpOutcome =
  | { readonly kind: 'response'; readonly status: number }
  | { readonly kind: 'timeout' | 'refused' | 'error'; readonly detail: string };

/**
 * Sends a GET over a new connection: a kept connection may hide that nothing accepts connections any more.
 * Never throws, and takes no longer than `timeoutMs`.
 */
export function httpStatus(url: string, timeoutMs: number): Promise<HttpOutcome> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: timeoutMs }, (reply) => {
      clearTimeout(timer);
      reply.resume();
      resolve({ kind: 'response', status: reply.statusCode ?? 0 });
    });
    const timer = setTimeout(() => {
      resolve({ kind: 'timeout', detail: `no response within ${timeoutMs} ms` });
      request.destroy();
    }, timeoutMs);
    request.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const kind = error.code === 'ECONNREFUSED' ? 'refused' : 'error';
      resolve({ kind, detail: error.code ?? error.message });
    });
  });
}
