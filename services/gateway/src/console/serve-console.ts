import type { Logger } from '@gridworks/observability';
import type { FastifyInstance } from 'fastify';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { definePage, PublicRoute } from '../routing/route-declaration.ts';
import type { ConsoleFiles } from './console-files.ts';

const declare = (path: string): PublicRoute =>
  new PublicRoute(
    definePage({
      summary: 'A page of the console, or a file of a page',
      http: { method: 'GET', path, status: 200 },
      permission: 'public',
      internal: true,
      isFile: true,
    }),
  );

/**
 * Registers every address of the console, and no other: a missing file gets 404 like any unknown address. Files
 * of one folder are one route in metrics, since their names change with every build. Call this after the
 * gateway's own routes are registered: when both claim an address, the gateway's route is kept.
 */
export function serveConsole(
  fastify: FastifyInstance,
  files: ConsoleFiles,
  served: readonly PublicRoute[],
  logger: Logger,
): void {
  const taken = new Set(served.map(({ http }) => http.path));
  const folders = new Map<string, PublicRoute>();
  for (const { path, document } of files.addresses) {
    if (taken.has(path)) {
      logger.log('console.address_taken', { path });
      continue;
    }
    taken.add(path);
    fastify.route({
      method: 'GET',
      url: path,
      config: { route: routeOf(path, folders) },
      handler: async (request: PublicRequest, reply: PublicReply) => {
        await document.send(request, reply);
        return reply;
      },
    });
  }
}

/**
 * `/assets/index-4f2a.js` belongs to the route of the folder `/assets`; every other path is a route of its own.
 */
function routeOf(path: string, folders: Map<string, PublicRoute>): PublicRoute {
  const folder = /^(\/.+)\/[^/:]+\.[^/:]+$/.exec(path)?.[1];
  if (!folder) return declare(path);
  let route = folders.get(folder);
  if (!route) {
    route = declare(`${folder}/:file`);
    folders.set(folder, route);
  }
  return route;
}
