import type { IncomingMessage } from 'node:http';
import { credentialDigest, csrfTokenOf } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { checkCsrfToken, isOwnOrigin } from './check-origin.ts';

const request = (headers: Record<string, string>, remoteAddress = '10.0.0.7') =>
  ({
    socket: { remoteAddress },
    headers: { host: 'portal.example', ...headers },
  }) as unknown as IncomingMessage;

describe('isOwnOrigin', () => {
  it.each<[Record<string, string>, boolean]>([
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ 'sec-fetch-site': 'none' }, false],
    [{ 'sec-fetch-site': 'same-origin, cross-site' }, false],
    [{ 'sec-fetch-site': '' }, false],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://portal.example' }, false],
    [{ origin: 'https://portal.example' }, true],
    [{ origin: 'https://portal.example:444' }, false],
    [{ origin: 'https://portal.example.evil.example' }, false],
    [{ origin: 'http://portal.example' }, false],
    [{ origin: 'null' }, false],
    [{}, false],
  ])('of %j is %s', (headers, own) => expect(isOwnOrigin(request(headers))).toBe(own));

  it('accepts plain HTTP on this machine', () => {
    const local = { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' };
    expect(isOwnOrigin(request(local, '127.0.0.1'))).toBe(true);
    expect(isOwnOrigin(request(local, '10.0.0.7'))).toBe(false);
    expect(isOwnOrigin(request({ ...local, origin: 'http://127.0.0.1:9090' }, '127.0.0.1'))).toBe(false);
  });
});

describe('checkCsrfToken', () => {
  const digest = credentialDigest('one');
  it('accepts the token of the session, and no other', () => {
    expect(() => checkCsrfToken(request({ 'csrf-token': csrfTokenOf(digest) }), digest)).not.toThrow();
    for (const headers of [
      {},
      { 'csrf-token': '' },
      { 'csrf-token': csrfTokenOf(credentialDigest('two')) },
      { 'csrf-token': digest },
      { 'csrf-token': 'ü'.repeat(43) },
    ])
      expect(() => checkCsrfToken(request(headers as Record<string, string>), digest)).toThrow(
        expect.objectContaining({ code: 'GATEWAY.CSRF_TOKEN' }) as unknown as Error,
      );
  });
});
