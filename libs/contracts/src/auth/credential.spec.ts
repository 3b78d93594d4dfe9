import { describe, expect, it } from '@jest/globals';
import { newId } from '../values/identifiers.ts';
import { newApiKey } from './api-key.ts';
import { credentialDigest, newSessionToken, parseCredential } from './credential.ts';

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

  it('have the SHA-256 of the whole text as digest', () => {
    expect(credentialDigest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('never repeat', () => {
    expect(new Set(Array.from({ length: 1000 }, newSessionToken)).size).toBe(1000);
  });
});
