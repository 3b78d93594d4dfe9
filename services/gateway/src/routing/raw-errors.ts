import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, newId } from '@gridworks/contracts';
import { HEADERS_TOO_LARGE, REQUEST_MALFORMED, REQUEST_TIMED_OUT } from '../problems/gateway.errors.ts';
import { PROBLEM_TYPE, problemDetails } from '../problems/problem-details.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/**
 * Responds to input that is not HTTP, or arrived too slowly, before any request exists; then closes the
 * connection.
 */
export function respondToRawErrors(server: Server): void {
  server.removeAllListeners('clientError');
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    socket.end(renderRawError(error.code), () => socket.destroy());
  });
}

/** The whole response, head and body, for an error of Node's HTTP parser. */
function renderRawError(code: string | undefined): string {
  const definition =
    code === 'HPE_HEADER_OVERFLOW'
      ? HEADERS_TOO_LARGE
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? REQUEST_TIMED_OUT
        : REQUEST_MALFORMED;
  const requestId = newId('request');
  const problem = problemDetails(new AppError(definition), { requestId, instance: '/' });
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${REASONS[problem.status]}`,
    'Connection: close',
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');
}
