import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { fingerprint } from './fingerprint.ts';

interface Row {
  id: string;
  kind: string;
  dependency: string;
  error: Record<string, unknown> & { message: string };
}
const rows: Row[] = readFileSync(new URL('../../test/errors-dev.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

/** The same error at another time, for another customer, on another machine. */
function another(message: string): string {
  return message
    .replace(
      /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
      '7d444840-9dc0-11d1-b245-5ffdce74fad2',
    )
    .replace(/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d+)?/g, '192.168.77.8:4711')
    .replace(/"(?!pg_)[^"\n]*"/g, '"something else entirely"')
    .replace(/(^|[\s(])'[^'\n]*'(?=$|[\s).,;:])/g, "$1'another value'")
    .replace(/(\.[jt]s):\d+:\d+/g, '$1:999:1');
}

describe('fingerprint', () => {
  it('is 16 hexadecimal digits for anything', () => {
    for (const value of [new Error('x'), 'x', null, undefined, 7, {}, []])
      expect(fingerprint(value)).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each(rows.map((row) => [row.id, row] as const))(
    'merges %s with its next occurrence',
    (_id, { error }) => {
      const next = { ...error, message: another(error.message), stack: 'at another.place (file.js:1:1)' };
      const first = { ...error, stack: 'at some.place (file.js:2:2)' };
      expect(fingerprint(next)).toBe(fingerprint(first));
    },
  );

  it('splits errors of different kinds', () => {
    const kinds = new Map<string, Set<string>>();
    for (const { error, dependency, kind, id } of rows) {
      const print = fingerprint(error, dependency);
      kinds.set(print, (kinds.get(print) ?? new Set<string>()).add(`${kind}`));
      expect({ id, kinds: [...kinds.get(print)!] }).toEqual({ id, kinds: [kind] });
    }
    expect(kinds.size).toBeGreaterThan(rows.length * 0.85);
  });

  it.each([
    ['connect ECONNREFUSED 10.0.0.1:5432', 'connect ECONNREFUSED 10.9.8.7:6379'],
    ['getaddrinfo ENOTFOUND db-1.internal', 'getaddrinfo ENOTFOUND cache'],
    ['timeout of 5000ms exceeded', 'timeout of 30000ms exceeded'],
    [
      'order 9f8e7d6c5b4a failed at 2026-01-02T03:04:05.678Z',
      'order 1a2b3c4d5e6f failed at 2027-12-31 23:59:59',
    ],
    [
      'listen EADDRINUSE: address already in use :::3000',
      'listen EADDRINUSE: address already in use :::3001',
    ],
    [
      "ENOENT: no such file or directory, open '/a/b.json'",
      "ENOENT: no such file or directory, open '/c/d.json'",
    ],
    ['No such customer: cus_9s6XKzkNRiz8i3', 'No such customer: cus_8r5WJyjMQhy7h2'],
    ['https://a.example/x?id=1 answered 12 bytes', 'https://b.example/y?id=22 answered 345 bytes'],
    ['bad line at /srv/app/dist/main.js:12:7', 'bad line at /home/me/app/dist/main.js:13:9'],
    ['mail to ada@example.org bounced', 'mail to grace@example.com bounced'],
    ['pointer 0x7ffeeabc lost', 'pointer 0x1234abcd lost'],
    ['peer [2001:db8::1]:443 gone', 'peer [2001:db8::ff:2]:8443 gone'],
  ])('merges %s and %s', (one, two) => {
    expect(fingerprint(new Error(two))).toBe(fingerprint(new Error(one)));
  });

  it.each([
    [
      { code: '40P01', message: 'failed' },
      { code: '40001', message: 'failed' },
    ],
    [
      { status: 404, message: 'failed' },
      { status: 503, message: 'failed' },
    ],
    [{ message: 'Request failed with status code 404' }, { message: 'Request failed with status code 503' }],
    [{ message: '450 4.2.1 no' }, { message: '550 5.1.1 no' }],
    [
      { name: 'TypeError', message: 'no' },
      { name: 'RangeError', message: 'no' },
    ],
    [{ message: 'connection lost' }, { message: 'connection refused' }],
    [
      new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) }),
      new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ENOTFOUND' }) }),
    ],
    [
      { message: 'x', body: { error: { code: 'insufficient_quota' } } },
      { message: 'x', body: { error: { code: 'rate_limit' } } },
    ],
  ])('splits %j and %j', (one, two) => {
    expect(fingerprint(two)).not.toBe(fingerprint(one));
  });

  it('splits the same error of two sources', () => {
    expect(fingerprint(new Error('x'), 'billing')).not.toBe(fingerprint(new Error('x'), 'auth'));
  });
});
