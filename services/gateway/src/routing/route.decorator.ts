import { applyDecorators, HttpCode, RequestMapping, RequestMethod } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { PublicRoute, type RouteDeclaration } from './route-declaration.ts';

/**
 * Declares a public route, once: the address, who may call, the contract that checks the input, the status of
 * success. The same value drives the credential check, the input check and OpenAPI. The door refuses to start
 * with a route that lacks it.
 */
export function Route(
  method: RouteDeclaration['method'],
  path: string,
  rest: Omit<RouteDeclaration, 'method' | 'path'>,
): MethodDecorator {
  const route = new PublicRoute({ method, path, ...rest });
  return applyDecorators(
    RequestMapping({ path, method: RequestMethod[method] }),
    HttpCode(rest.status),
    RouteConfig({ route }),
  );
}
