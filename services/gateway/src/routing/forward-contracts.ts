import type { PublicRequestContract } from '@gridworks/contracts';
import type { FastifyInstance } from 'fastify';
import type { RequestForwarder } from './request-forwarder.ts';
import { PublicRoute } from './route-declaration.ts';

/**
 * Registers a forwarding route for each public request that no controller serves. Call this when the
 * controllers' routes are registered.
 * @param served the routes that exist already
 */
export function forwardContracts(
  fastify: FastifyInstance,
  forwarder: RequestForwarder,
  contracts: readonly PublicRequestContract[],
  served: readonly PublicRoute[],
): void {
  const taken = new Set(served.map(({ contract }) => contract));
  for (const contract of contracts) {
    if (taken.has(contract)) continue;
    const route = new PublicRoute(contract);
    const { method, path, status } = contract.http;
    fastify.route({
      method,
      url: path,
      config: { route },
      handler: (request, reply) => {
        reply.code(status);
        return forwarder.forward(request);
      },
    });
  }
}
