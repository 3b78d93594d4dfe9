import { type AppError, REDUCED_CAPACITY } from '@gridworks/contracts';
import { markRefusal } from '@gridworks/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problemDetails } from './problem-details.ts';
import { requestIdOf } from './request-id.ts';
import { isScimAddress, SCIM_TYPE, scimError } from './scim-error.ts';

const MAX_PATH = 1000;

/** Sets the status and headers of a response to those of a problem, and returns its body: that of SCIM at the addresses of SCIM. Sends nothing. */
export function sendProblem(error: AppError, request: FastifyRequest, reply: FastifyReply): string {
  const requestId = request.call?.requestId ?? requestIdOf(request.headers['x-request-id']);
  const problem = problemDetails(error, { requestId, instance: pathOf(request.url) });
  reply.code(problem.status);
  if (error.code === REDUCED_CAPACITY.code) markRefusal(reply.raw);
  reply.header('content-type', PROBLEM_TYPE);
  reply.header('x-request-id', requestId);
  reply.removeHeader('content-length');
  if (problem.retry_after !== undefined) reply.header('retry-after', String(problem.retry_after));
  // If the connection were closed with the rest of the body unread, it would be reset before the client has
  // read this response. The rest is discarded instead, for as long as a request may take.
  if (problem.status === 413) reply.removeHeader('connection');
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="GridWorks Partner Portal"');
  if (!isScimAddress(request.url)) return JSON.stringify(problem);
  reply.header('content-type', SCIM_TYPE);
  return JSON.stringify(scimError(error, problem));
}

/** The path without its query, which may hold secrets. Cut to 1,000 characters, never within an escape. */
export function pathOf(url: string): string {
  const end = url.indexOf('?');
  const path = end === -1 ? url : url.slice(0, end);
  return path.length <= MAX_PATH ? path : path.slice(0, MAX_PATH).replace(/%[0-9a-f]?$/i, '');
}
