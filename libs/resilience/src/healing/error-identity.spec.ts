import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errorIdentity } from './error-identity.ts';

describe('errorIdentity', () => {
  it('is equal for equal errors and different for different ones', () => {
    const part = fc.string({ maxLength: 40 });
    const error = fc.record({ name: part, code: part, message: part, status: fc.nat(600) });
    const seen = new Map<number, string>();
    fc.assert(
      fc.property(error, (one) => {
        const text = JSON.stringify([one.name, one.code, one.message, one.status]);
        const identity = errorIdentity({ ...one });
        expect(errorIdentity({ ...one })).toBe(identity);
        expect(Number.isSafeInteger(identity)).toBe(true);
        expect(seen.get(identity) ?? text).toBe(text);
        seen.set(identity, text);
      }),
      { numRuns: 5_000 },
    );
  });

  it('distinguishes errors by their causes, by parts of an aggregate and by long messages', () => {
    const long = 'x'.repeat(1_900);
    const identities = [
      new Error('fetch failed'),
      new Error('fetch failed', { cause: { code: 'ECONNREFUSED' } }),
      new Error('fetch failed', { cause: { code: 'ECONNRESET' } }),
      new AggregateError([{ code: 'ECONNREFUSED' }], 'fetch failed'),
      new Error(`${long}a`),
      new Error(`${long}b`),
      'fetch failed',
      null,
    ].map(errorIdentity);
    expect(new Set(identities).size).toBe(identities.length);
  });

  it('handles cycles and getters that throw', () => {
    const circle = new Error('round') as Error & { cause: unknown };
    circle.cause = circle;
    expect(errorIdentity(circle)).not.toBeNaN();
    const hostile = {
      get message() {
        throw new Error('mine');
      },
    };
    expect(errorIdentity(hostile)).toBeNaN();
  });
});
