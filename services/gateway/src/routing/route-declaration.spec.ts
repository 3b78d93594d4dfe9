import { describe, expect, it } from '@jest/globals';
import { allowedMethods, definePage, PublicRoute } from './route-declaration.ts';

const route = (method: 'GET' | 'POST' | 'PATCH', path: string) =>
  new PublicRoute(
    definePage({ summary: 'x', http: { method, path, status: 200 }, permission: 'tickets:read' }),
  );
const routes = [
  route('GET', '/v1/tickets'),
  route('POST', '/v1/tickets'),
  route('PATCH', '/v1/tickets/:id'),
  route('GET', '/openapi.json'),
];

describe('a route', () => {
  it('lists the methods of an address', () => {
    expect(allowedMethods(routes, '/v1/tickets')).toEqual(['GET', 'HEAD', 'POST']);
    expect(allowedMethods(routes, '/v1/tickets/tic_1')).toEqual(['PATCH']);
  });

  it.each(['/v1/nothing', '/v1/tickets/', '/v1/tickets/a/b', '/openapiXjson'])(
    'does not match the address %s',
    (path) => {
      expect(allowedMethods(routes, path)).toEqual([]);
    },
  );
});
