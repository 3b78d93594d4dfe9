import { AppError } from '@gridworks/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { REQUEST_MALFORMED } from '../problems/gateway.errors.ts';
import { sendProblem } from '../problems/send-problem.ts';
import { PORTAL_VERSION } from './portal-version.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/**
 * Responds to an address that cannot be decoded or has an overlong part: the router refuses it before any
 * hook runs.
 */
export function refuseBadAddress(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(SECURITY_HEADERS).header('portal-version', PORTAL_VERSION);
  const error = new AppError(REQUEST_MALFORMED, { detail: 'The address is not valid.' });
  reply.send(sendProblem(error, request, reply));
}
