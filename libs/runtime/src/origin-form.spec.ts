import { describe, expect, it } from '@jest/globals';
import { originForm } from './origin-form.ts';

describe('the origin form of a target', () => {
  it.each([
    ['/livez', '/livez'],
    ['/v1/tickets?limit=1', '/v1/tickets?limit=1'],
    ['http://127.0.0.1/livez', '/livez'],
    ['HTTPS://portal.example:8443/v1/plans?a=b', '/v1/plans?a=b'],
    ['http://portal.example', '/'],
    ['http://portal.example?a=b', '/?a=b'],
    ['/livez#frag', '/livez'],
    ['http://portal.example/livez#frag?x', '/livez'],
    ['/livez?a=b#frag', '/livez?a=b'],
    ['*', '*'],
    ['//v1/plans', '//v1/plans'],
    ['ftp://portal.example/livez', 'ftp://portal.example/livez'],
  ])('%s is %s', (target, address) => {
    expect(originForm(target)).toBe(address);
  });
});
