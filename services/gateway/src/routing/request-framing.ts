import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AppError } from '@gridworks/contracts';
import { EXPECTATION_FAILED, REQUEST_MALFORMED } from '../problems/gateway.errors.ts';

/**
 * Sends a request with an unknown expectation the way of all others. Node answers it before any hook runs: without
 * a body, without the headers of every response, and counted against no limit.
 */
export function takeUnknownExpectations(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    server.emit('request', request, response),
  );
}

/**
 * The error of a request that cannot be served as it is framed, null for all others. Transfer codings besides `chunked`
 * are not decoded (RFC 9112, 6.1), and of expectations only `100-continue` is met (RFC 9110, 10.1.1).
 */
export function framingError(headers: IncomingHttpHeaders): AppError | null {
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    return new AppError(REQUEST_MALFORMED, { detail: 'The only transfer coding is chunked.' });
  const { expect } = headers;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue')
    return new AppError(EXPECTATION_FAILED);
  return null;
}
