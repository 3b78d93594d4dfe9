import { applyDecorators, HttpCode, RequestMapping, RequestMethod } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { PublicRoute, type Served } from './route-declaration.ts';

/**
 * Marks the method of a controller that serves a request of the contracts, or a page of the gateway's own, with more
 * than forwarding it. Address, status and permission come from what is served.
 */
export function Serve(served: Served): MethodDecorator {
  const route = new PublicRoute(served);
  return applyDecorators(
    RequestMapping({ path: route.http.path, method: RequestMethod[route.http.method] }),
    HttpCode(route.http.status),
    RouteConfig({ route }),
  );
}
