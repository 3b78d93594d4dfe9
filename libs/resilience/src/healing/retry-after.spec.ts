import { describe, expect, it } from '@jest/globals';
import { parseRetryAfter, retryAfterOf } from './retry-after.ts';

const now = Date.UTC(2026, 10, 21, 12, 0, 0);

describe('parseRetryAfter', () => {
  it('reads seconds and HTTP dates', () => {
    expect(parseRetryAfter('120', now)).toBe(120_000);
    expect(parseRetryAfter(' 0.5 ', now)).toBe(500);
    expect(parseRetryAfter('Sat, 21 Nov 2026 12:00:30 GMT', now)).toBe(30_000);
    expect(parseRetryAfter('Sat, 21 Nov 2026 11:00:00 GMT', now)).toBe(0);
  });

  it('ignores invalid values', () => {
    for (const text of ['', '-5', 'soon', '2026-11-21', '1e9', '12 s'])
      expect(parseRetryAfter(text, now)).toBeUndefined();
  });
});

describe('retryAfterOf', () => {
  it('finds it wherever errors carry it', () => {
    const headers = { 'Retry-After': '2' };
    for (const error of [
      { retryAfterMs: 2_000 },
      { retry_after_ms: 2_000 },
      { headers },
      { headers: new Headers(headers) },
      { headers: { 'retry-after': ['2', '9'] } },
      { headers: { 'retry-after-ms': '2000', 'retry-after': '9' } },
      { response: { headers } },
      { responseHeaders: headers },
      new Error('x', { cause: { headers } }),
    ])
      expect(retryAfterOf(error, now)).toBe(2_000);
  });

  it('survives anything', () => {
    const circle: { cause?: unknown } = {};
    circle.cause = circle;
    const hostile = {
      get headers() {
        throw new Error('mine');
      },
    };
    for (const error of [
      null,
      'x',
      circle,
      hostile,
      { retryAfterMs: -1 },
      { retryAfterMs: Number.NaN },
      { headers: 7 },
    ])
      expect(retryAfterOf(error, now)).toBeUndefined();
  });
});
