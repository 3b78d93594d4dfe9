import { applyDecorators, HttpCode, RequestMapping, RequestMethod } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { PublicRoute, type Served } from './route-declaration.ts';

/**
 * Marks a controller's method that serves a request of the contracts or a page of the gateway and does more
 * than forward it. Address, status and permission come from the declaration.
 */
export function Serve(served: Served): MethodDecorator {
  const route = new PublicRoute(served);
  return applyDecorators(
    RequestMapping({ path: route.http.path, method: RequestMethod[route.http.method] }),
    HttpCode(route.http.status),
    RouteConfig({ route }),
  );
}
