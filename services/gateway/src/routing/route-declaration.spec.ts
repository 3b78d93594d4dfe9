import { describe, expect, it } from '@jest/globals';
import { allowedMethods, PublicRoute } from './route-declaration.ts';

const route = (method: 'GET' | 'POST' | 'PATCH', path: string) =>
  new PublicRoute({ method, path, callers: ['session'], status: 200 });
const routes = [
  route('GET', '/v1/tickets'),
  route('POST', '/v1/tickets'),
  route('PATCH', '/v1/tickets/:id'),
  route('GET', '/openapi.json'),
];

describe('a route', () => {
  it('knows which methods an address takes', () => {
    expect(allowedMethods(routes, '/v1/tickets')).toEqual(['GET', 'HEAD', 'POST']);
    expect(allowedMethods(routes, '/v1/tickets/tic_1')).toEqual(['PATCH']);
  });

  it.each(['/v1/nothing', '/v1/tickets/', '/v1/tickets/a/b', '/openapiXjson'])(
    'knows no address %s',
    (path) => {
      expect(allowedMethods(routes, path)).toEqual([]);
    },
  );

  it('cannot be declared without saying who may call', () => {
    expect(() => new PublicRoute({ method: 'GET', path: '/x', callers: [], status: 200 })).toThrow('nobody');
  });

  it('cannot be open to all and closed at once', () => {
    expect(
      () => new PublicRoute({ method: 'GET', path: '/x', callers: ['anonymous', 'admin'], status: 200 }),
    ).toThrow('open to all');
  });
});
