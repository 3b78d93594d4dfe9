import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { classify } from './classify-error.ts';
import { type CorpusLine, readCorpusLine } from './read-corpus.ts';

const read = (file: string): CorpusLine[] =>
  readFileSync(new URL(`../../test/${file}`, import.meta.url), 'utf8')
    .split('\n')
    .map((text, at) => readCorpusLine(text, at + 1))
    .filter((line) => line !== null);

function shares(lines: readonly CorpusLine[]) {
  const scored = lines.map((line) => ({ line, got: classify(line.error, { dependency: line.dependency }) }));
  const of = (right: (one: (typeof scored)[number]) => boolean) =>
    scored.filter(right).length / scored.length;
  return {
    kind: of(({ line, got }) => line.kind === got.kind),
    acceptable: of(({ line, got }) => line.acceptable!.includes(got.strategy)),
    harmful: of(({ line, got }) => line.harmful!.includes(got.strategy)),
  };
}

describe.each(['errors-dev.jsonl', 'errors-extra.jsonl'])('classify on %s', (file) => {
  const lines = read(file);

  it('meets its goals', () => {
    const { kind, acceptable, harmful } = shares(lines);
    expect(kind).toBeGreaterThanOrEqual(0.95);
    expect(acceptable).toBeGreaterThanOrEqual(0.97);
    expect(harmful).toBeLessThanOrEqual(0.005);
  });

  it('meets them on tricky errors', () => {
    const { kind, acceptable, harmful } = shares(lines.filter((line) => line.tricky));
    expect(kind).toBeGreaterThanOrEqual(0.93);
    expect(acceptable).toBeGreaterThanOrEqual(0.95);
    expect(harmful).toBe(0);
  });

  it('decides the same for a thrown Error as for its plain shape', () => {
    for (const { error, dependency, id } of lines) {
      const plain = error as { message: string };
      const thrown = Object.assign(new Error(plain.message), plain);
      expect({ id, ...classify(thrown, { dependency }) }).toEqual({ id, ...classify(plain, { dependency }) });
    }
  });
});

describe('classify on errors-wild.jsonl', () => {
  const lines = read('errors-wild.jsonl');

  it('meets its goals on errors that no row was written for', () => {
    const { kind, acceptable, harmful } = shares(lines);
    expect(kind).toBeGreaterThanOrEqual(0.88);
    expect(acceptable).toBeGreaterThanOrEqual(0.95);
    expect(harmful).toBeLessThanOrEqual(0.01);
  });

  it('meets them on tricky errors', () => {
    const { acceptable, harmful } = shares(lines.filter((line) => line.tricky));
    expect(acceptable).toBeGreaterThanOrEqual(0.92);
    expect(harmful).toBeLessThanOrEqual(0.02);
  });
});

describe('classify', () => {
  it('accepts anything that can be thrown', () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
      },
    );
    const list = Object.assign([1], { constructor: 1, slice: hostile });
    for (const value of [
      null,
      undefined,
      0,
      '',
      {},
      [],
      Symbol('x'),
      () => 1,
      hostile,
      { errors: list },
      { response: hostile, headers: hostile },
    ])
      expect(classify(value)).toMatchObject({ kind: 'unknown', strategy: 'ESCALATE', transient: false });
  });

  it('escalates unknown errors, with little confidence', () => {
    expect(classify(new Error('the purple elephant could not be counted'))).toMatchObject({
      kind: 'unknown',
      strategy: 'ESCALATE',
      rule: 'none',
    });
    expect(classify(new Error('what')).confidence).toBeLessThan(0.5);
  });

  it('prefers an unambiguous status to common words', () => {
    const classified = (status: number, message: string) =>
      classify({ message, status }, { dependency: 'http' }).kind;
    expect(classified(404, 'rate limit policy not found')).toBe('not_found');
    expect(classified(422, 'timeout is too large')).toBe('invalid_input');
    expect(classified(400, 'Rate exceeded')).toBe('rate_limited');
  });

  it('reads shapes of other libraries', () => {
    const kindOf = (error: unknown, dependency: string) => classify(error, { dependency }).kind;
    expect(kindOf({ code: 14, details: 'x', metadata: {}, message: 'x' }, 'http')).toBe(
      'upstream_unavailable',
    );
    expect(kindOf({ code: 14, message: 'x' }, 'http')).toBe('unknown');
    expect(kindOf({ __type: 'com.amazonaws#ThrottlingException', message: '' }, 'http')).toBe('rate_limited');
    expect(kindOf({ type: 'StripeConnectionError', message: 'x' }, 'stripe')).toBe('connection_lost');
    expect(kindOf({ message: "Error code: 429 - {'error': {'code': 'insufficient_quota'}}" }, 'openai')).toBe(
      'quota_exceeded',
    );
  });

  it('keeps the reason of a wrapper that gave a connection up', () => {
    const cause = new Error('Connection terminated unexpectedly');
    const error = new Error('Connection terminated due to connection timeout', { cause });
    expect(classify(error, { dependency: 'postgres' }).kind).toBe('timeout');
  });

  it.each([
    'Could not save ticket "deadlock detected"',
    "No note called 'connection refused' here",
    'Cannot show `rate limit exceeded`',
    'The import of {"message":"socket hang up","code":"ECONNRESET"} has no owner',
    'Comment: "read ECONNRESET" was refused by the author',
    'Invoice 503 could not be printed',
    'Customer 429 has no address',
    'Deadlock is sold out',
  ])('ignores the words of quoted values: %s', (message) => {
    expect(classify(new Error(message), { dependency: 'app' }).kind).toBe('unknown');
  });

  it('prefers a code to words', () => {
    const error = Object.assign(new Error('connection refused: too many requests'), { code: '23505' });
    expect(classify(error, { dependency: 'postgres' }).kind).toBe('constraint_violation');
  });

  it.each([
    ['503', 'nats', 'no_responders'],
    ['503', 'http', 'upstream_unavailable'],
    ['21408', 'twilio', 'permission_denied'],
    ['10054', 'nats', 'payload_too_large'],
    ['23', 'http', 'unknown'],
    ['23', 'postgres', 'unknown'],
    ['22P06', 'postgres', 'invalid_input'],
    ['57P01', undefined, 'connection_lost'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', undefined, 'tls_error'],
    ['ERR_INVALID_THIS', undefined, 'programming_bug'],
  ])('reads code %s of %s as %s', (code, dependency, kind) => {
    expect(classify({ name: 'Error', code, message: 'x' }, { dependency }).kind).toBe(kind);
  });

  it('uses the cause of a wrapper without evidence', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code: 'ECONNREFUSED' });
    expect(classify(new TypeError('fetch failed', { cause })).kind).toBe('connection_refused');
    expect(classify(new Error('could not load the invoice', { cause })).kind).toBe('connection_refused');
    expect(classify(new Error('a', { cause: new Error('b', { cause }) })).kind).toBe('connection_refused');
  });

  it('prefers a wrapper with a code to a cause without one', () => {
    const cause = new Error('socket hang up');
    const error = Object.assign(new Error('failed', { cause }), { code: '40P01' });
    expect(classify(error, { dependency: 'postgres' }).kind).toBe('deadlock');
  });

  it('follows aggregate errors and the keys of libraries', () => {
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    expect(classify(new AggregateError([new Error('x'), reset], 'all failed')).kind).toBe('connection_lost');
    expect(
      classify(Object.assign(new Error('x'), { driverError: { code: '55P03' } }), { dependency: 'postgres' })
        .kind,
    ).toBe('lock_timeout');
    expect(classify(Object.assign(new Error('x'), { chainedError: reset })).kind).toBe('connection_lost');
  });

  it('handles causes in a cycle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(classify(error).kind).toBe('unknown');
  });

  it('infers the dependency from the class or the stack', () => {
    expect(classify({ name: 'StripeRateLimitError', message: 'x', code: 'lock_timeout' }).kind).toBe(
      'lock_timeout',
    );
    const error = new Error('Connection terminated unexpectedly');
    error.stack = `Error: ${error.message}\n    at Connection.<anonymous> (/app/node_modules/pg/lib/client.js:132:73)`;
    expect(classify(error)).toMatchObject({ kind: 'connection_lost', strategy: 'RESET_CONNECTION' });
  });

  it('accepts the names that callers use for a dependency', () => {
    expect(classify({ message: 'x', code: '40001' }, { dependency: 'database' }).kind).toBe(
      'serialization_conflict',
    );
  });

  it('reads the response of a provider', () => {
    const response = {
      status: 429,
      data: { error: { type: 'insufficient_quota', code: null, message: 'x' } },
    };
    const error = Object.assign(new Error('Request failed with status code 429'), { response });
    expect(classify(error, { dependency: 'openai' }).kind).toBe('quota_exceeded');
    expect(
      classify(
        { message: 'x', status: 502, body: '<!DOCTYPE html><title>nginx</title>' },
        { dependency: 'http' },
      ).kind,
    ).toBe('bad_gateway_body');
  });

  it('never advises to retry a declined card', () => {
    for (const code of ['card_declined', 'processing_error', 'insufficient_funds', 'try_again_later'])
      expect(
        classify({ name: 'StripeCardError', code, message: 'x', status: 402 }, { dependency: 'stripe' }),
      ).toMatchObject({ strategy: 'ESCALATE', transient: false });
  });

  it('reads only the start of a text, however long it is', () => {
    const known = 'deadlock detected';
    const far = `${'relation '.repeat(1_000_000)}${known}`;
    expect(classify(new Error(known), { dependency: 'postgres' }).kind).toBe('deadlock');
    expect(classify(new Error(far), { dependency: 'postgres' }).kind).toBe('unknown');
    const huge = { message: '"'.repeat(1_000_000), body: '{"a":'.repeat(1_000_000) };
    expect(classify(huge, { dependency: 'http' }).kind).toBe('unknown');
  });
});
