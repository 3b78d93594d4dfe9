import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redact } from './redact.ts';

const LETTERS = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const randomText = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: LETTERS.length - 1 }), { minLength: length, maxLength: length })
    .map((picks) => picks.map((at) => LETTERS[at]).join(''));

/** Text that contains a secret of a known form, and the part of it that must be hidden. */
const secretText = fc.oneof(
  randomText(40).map((s) => ({ text: `pp_live_${s}`, secret: s })),
  randomText(40).map((s) => ({ text: `pp_test_${s}`, secret: s })),
  randomText(43).map((s) => ({ text: `ses_${s}`, secret: s })),
  randomText(32).map((s) => ({ text: `whsec_${s}`, secret: s })),
  randomText(24).map((s) => ({ text: `sk_live_${s}`, secret: s })),
  randomText(24).map((s) => ({ text: `eyJhbGciOiJIUzI1NiJ9.eyJ${s}.${s}`, secret: s })),
  randomText(12).map((s) => ({ text: `postgres://app:${s}@db.internal:5432/portal`, secret: s })),
  randomText(12).map((s) => ({ text: `Authorization: Bearer ${s}9`, secret: s })),
  randomText(12).map((s) => ({ text: `password=${s}`, secret: s })),
  randomText(12).map((s) => ({ text: `{"clientSecret":"${s}"}`, secret: s })),
  randomText(12).map((s) => ({ text: `Cookie: a=b; sid=${s}`, secret: s })),
  randomText(12).map((s) => ({ text: `${s}@example.org`, secret: s })),
  randomText(30).map((s) => ({
    text: `-----BEGIN PRIVATE KEY-----\n${s}\n-----END PRIVATE KEY-----`,
    secret: s,
  })),
  fc.constantFrom('4242 4242 4242 4242', '5555-5555-5555-4444', '378282246310005').map((s) => ({
    text: `card ${s}`,
    secret: s,
  })),
);
const secretKey = fc.constantFrom(
  'password',
  'DB_PASSWORD',
  'apiKey',
  'x-api-key',
  'refresh_token',
  'cookie',
  'email',
);

/** Wraps a value in random layers: objects, arrays, maps, errors, JSON text, keys. */
type Layer = (inner: unknown) => unknown;
const layer: fc.Arbitrary<Layer> = fc.constantFrom<Layer>(
  (inner) => ({ inner }),
  (inner) => [1, inner, null],
  (inner) => new Map([['inner', inner]]),
  (inner) => new Set([inner]),
  (inner) => new Error('outer', { cause: inner }),
  (inner) => new AggregateError([inner], 'many'),
  (inner) => Object.assign(new Error('with context'), { context: inner }),
  (inner) => (typeof inner === 'string' ? { [inner]: true } : { inner }),
  (inner) => (typeof inner === 'string' ? new Error(`failed: ${inner}`) : { inner }),
  (inner) => (typeof inner === 'string' ? `before ${inner} after` : { inner }),
  (inner) => ({
    get inner() {
      return inner;
    },
  }),
  (inner) => Object.create(null, { inner: { value: inner, enumerable: true } }),
);
const wrap = (layers: readonly Layer[], value: unknown) => layers.reduce((inner, add) => add(inner), value);
const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

describe('redact', () => {
  it('never shows a planted secret, however deep and in whatever structure', () => {
    fc.assert(
      fc.property(secretText, fc.array(layer, { maxLength: 20 }), ({ text, secret }, layers) => {
        expect(shown(redact(wrap(layers, text)))).not.toContain(secret);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never shows a value under a secret name, whatever its type', () => {
    const value = fc.oneof(
      randomText(6).map((s) => ({ value: s as unknown, secret: s })),
      randomText(6).map((s) => ({ value: { deep: [s] } as unknown, secret: s })),
      randomText(6).map((s) => ({ value: new Error(s) as unknown, secret: s })),
      fc.integer({ min: 100_000, max: 999_999 }).map((n) => ({ value: n as unknown, secret: String(n) })),
    );
    const holder = fc.constantFrom<(key: string, value: unknown) => unknown>(
      (key, inner) => ({ [key]: inner }),
      (key, inner) => new Map([[key, inner]]),
      (key, inner) => [key, inner],
      (key, inner) => ({ name: key, value: inner }),
    );
    fc.assert(
      fc.property(
        secretKey,
        value,
        holder,
        fc.array(layer, { maxLength: 8 }),
        (key, planted, hold, layers) => {
          expect(shown(redact(wrap(layers, hold(key, planted.value))))).not.toContain(planted.secret);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('stays within its bounds and keeps no part of a secret where text was cut', () => {
    fc.assert(
      fc.property(
        secretText,
        fc.integer({ min: 0, max: 5_000 }),
        fc.integer({ min: 10, max: 2_000 }),
        ({ text, secret }, before, maxLength) => {
          const out = redact(`${'x '.repeat(before)}${text} ${'y '.repeat(3_000)}`, { maxLength });
          expect(out.length).toBeLessThanOrEqual(maxLength + 1);
          expect(out).not.toContain(secret.slice(0, 10));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('never throws, whatever the value', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withMap: true, withSet: true, withDate: true }),
        (value) => {
          redact(value);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('handles cycles, getters that throw and proxies that lie', () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle.self = circle;
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    const endless: object = new Proxy(
      {},
      {
        ownKeys: () => ['a'],
        get: () => endless,
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      },
    );
    const result = redact({
      circle,
      revoked,
      hostile,
      endless,
      get bad() {
        throw new Error('no');
      },
    });
    expect(result).toMatchObject({
      circle: { a: 1, self: '[circular]' },
      revoked: '[unreadable]',
      hostile: '[unreadable]',
      bad: '[unreadable]',
    });
  });

  it('makes errors readable and keeps their codes and causes', () => {
    const error = Object.assign(
      new Error('connect ECONNREFUSED 10.0.0.1:5432', { cause: new Error('deep') }),
      {
        code: 'ECONNREFUSED',
      },
    );
    expect(redact(error)).toMatchObject({
      name: 'Error',
      message: 'connect ECONNREFUSED 10.0.0.1:5432',
      code: 'ECONNREFUSED',
      cause: { message: 'deep' },
    });
  });

  it('shows that a secret was missing', () => {
    expect(redact({ password: '', token: null, secret: undefined, cookie: 'x' })).toEqual({
      password: '',
      token: null,
      secret: undefined,
      cookie: '[redacted]',
    });
  });

  it('bounds the total size of a huge value', () => {
    const huge = Array.from({ length: 5_000 }, (_, at) => ({ at, text: 'x'.repeat(1_000) }));
    expect(JSON.stringify(redact(huge)).length).toBeLessThan(64_000);
  });
});
