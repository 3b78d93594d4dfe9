import { get } from 'node:http';

/** What a GET came to: a status, or why there was none. */
export type HttpOutcome =
  | { readonly kind: 'answer'; readonly status: number }
  | { readonly kind: 'timeout' | 'refused' | 'error'; readonly detail: string };

/**
 * Asks over a connection of its own: one that is kept may hide that nobody accepts any more. Never throws, and
 * takes no longer than `timeoutMs`.
 */
export function httpStatus(url: string, timeoutMs: number): Promise<HttpOutcome> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: timeoutMs }, (reply) => {
      clearTimeout(timer);
      reply.resume();
      resolve({ kind: 'answer', status: reply.statusCode ?? 0 });
    });
    const timer = setTimeout(() => {
      resolve({ kind: 'timeout', detail: `no answer within ${timeoutMs} ms` });
      request.destroy();
    }, timeoutMs);
    request.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const kind = error.code === 'ECONNREFUSED' ? 'refused' : 'error';
      resolve({ kind, detail: error.code ?? error.message });
    });
  });
}
