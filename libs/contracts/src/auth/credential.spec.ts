import { describe, expect, it } from '@jest/globals';
import { newId } from '../values/identifiers.ts';
import { newApiKey } from './api-key.ts';
import {
  credentialDigest,
  MAX_ACCESS_TOKEN_LENGTH,
  newClientSecret,
  newSessionToken,
  parseCredential,
} from './credential.ts';

describe('credentials', () => {
  it('are distinguished by their form', () => {
    const key = newApiKey('live');
    const token = newSessionToken();
    expect(parseCredential(key)).toEqual({ kind: 'api_key', digest: credentialDigest(key) });
    expect(parseCredential(token)).toEqual({ kind: 'session', digest: credentialDigest(token) });
  });

  it('are refused by their form alone when they cannot have been issued', () => {
    for (const text of [
      '',
      'ses_',
      newId('session'),
      `${newSessionToken()}x`,
      `${newApiKey('test')}x`,
      newApiKey('test').slice(0, -1),
      'pp_live_',
      'abc',
      'with space',
      'tab\tinside',
      'ümlaut',
      '\u007f'.repeat(8),
      'x'.repeat(513),
    ])
      expect(parseCredential(text)).toBeNull();
  });

  it('may be imported keys when they do not begin like ours', () => {
    for (const text of [
      "!#$%&'*+-.^_`|~",
      'c2VjcmV0+/==',
      'sk-live-4f',
      'PP_LIVE_x',
      '__proto__',
      'x'.repeat(512),
    ])
      expect(parseCredential(text)).toEqual({ kind: 'api_key', digest: credentialDigest(text) });
  });

  it('are access tokens when a header says so, and imported keys when it says anything else', () => {
    const jwt = (header: unknown, payload = 'e30') =>
      `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.c2ln`;
    for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt']) {
      const token = jwt({ alg: 'EdDSA', typ });
      expect(parseCredential(token)).toEqual({
        ...{ kind: 'access_token', digest: credentialDigest(token), token },
      });
    }
    for (const header of [{ typ: 'JWT' }, {}, { typ: ['at+jwt'] }, null, 'at+jwt'])
      expect(parseCredential(jwt(header))?.kind).not.toBe('access_token');
    expect(parseCredential('eyJ.e30.c2ln')?.kind).toBe('api_key');
    const longest = (length: number) => {
      const short = jwt({ typ: 'at+jwt' }, '');
      return jwt({ typ: 'at+jwt' }, 'a'.repeat(length - short.length));
    };
    expect(parseCredential(longest(MAX_ACCESS_TOKEN_LENGTH))?.kind).toBe('access_token');
    expect(parseCredential(longest(MAX_ACCESS_TOKEN_LENGTH + 1))).toBeNull();
    // The secret of an application is no credential of the API.
    expect(parseCredential(newClientSecret())).toBeNull();
  });

  it('have the SHA-256 of the whole text as digest', () => {
    expect(credentialDigest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('never repeat', () => {
    expect(new Set(Array.from({ length: 1000 }, newSessionToken)).size).toBe(1000);
  });
});
