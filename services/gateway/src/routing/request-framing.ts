import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AppError } from '@gridworks/contracts';
import { EXPECTATION_FAILED, REQUEST_MALFORMED } from '../problems/gateway.errors.ts';

/**
 * Lets a request with an unknown `Expect` pass through the hooks like any other. By default Node responds to
 * it before any hook runs: without a body, without the standard headers, and without counting for a limit.
 */
export function takeUnknownExpectations(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    server.emit('request', request, response),
  );
}

/**
 * The error of a request with unsupported framing, null for all others. Transfer codings besides `chunked`
 * are not decoded (RFC 9112, 6.1), and the only supported expectation is `100-continue` (RFC 9110, 10.1.1).
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
