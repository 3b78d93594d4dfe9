import { describe, expect, it } from '@jest/globals';
import { classify } from './classify-error.ts';
import { readHeaders } from './read-headers.ts';

describe('readHeaders', () => {
  it.each([
    [{ 'retry-after': '30' }, { limited: true, html: false }],
    [{ 'X-RateLimit-Remaining': 0 }, { limited: true, html: false }],
    [{ 'x-ratelimit-remaining': '12' }, { limited: false, html: false }],
    [new Headers({ 'Retry-After': '1' }), { limited: true, html: false }],
    [{ 'content-type': 'text/html; charset=utf-8' }, { limited: false, html: true }],
    [{}, { limited: false, html: false }],
    [undefined, undefined],
    ['retry-after: 1', undefined],
  ])('%p', (headers, facts) => {
    expect(readHeaders(headers)).toEqual(facts);
  });

  it('handles headers that throw', () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    expect(readHeaders(hostile)).toBeUndefined();
  });

  it('distinguishes a limit from a refusal, and a page from a response', () => {
    const classified = (status: number, headers: object) =>
      classify(
        { message: `Request failed with status code ${status}`, response: { status, headers, data: '' } },
        { dependency: 'http' },
      ).kind;
    expect(classified(403, { 'x-ratelimit-remaining': '0' })).toBe('rate_limited');
    expect(classified(403, { 'x-ratelimit-remaining': '7' })).toBe('permission_denied');
    expect(classified(503, { 'retry-after': '120' })).toBe('upstream_unavailable');
    expect(classified(502, { 'content-type': 'text/html' })).toBe('bad_gateway_body');
  });
});
