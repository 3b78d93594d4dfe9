import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { apiKeyChecksum, newApiKey, parseApiKey, randomBase62 } from './api-key.ts';

const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];
const mode = fc.constantFrom('live' as const, 'test' as const);

describe('API keys', () => {
  it('are a prefix, 30 random characters and 6 of checksum', () => {
    expect(newApiKey('live')).toMatch(/^pp_live_[0-9A-Za-z]{36}$/);
    expect(newApiKey('test')).toMatch(/^pp_test_[0-9A-Za-z]{36}$/);
  });

  it('have a checksum that other implementations compute, too', () => {
    // CRC32 of '123456789' is the check value 0xcbf43926 = 3421780262 of the CRC catalogue.
    const value = [...apiKeyChecksum('123456789')].reduce((sum, c) => sum * 62 + alphabet.indexOf(c), 0);
    expect(value).toBe(0xcbf43926);
    expect(apiKeyChecksum('123456789')).toHaveLength(6);
  });

  it('read back with their mode and last four characters', () => {
    fc.assert(
      fc.property(mode, (m) => {
        const key = newApiKey(m);
        expect(parseApiKey(key)).toEqual({ mode: m, last4: key.slice(-4) });
      }),
    );
  });

  it('are refused when any one character is another', () => {
    fc.assert(
      fc.property(mode, fc.nat(), fc.constantFrom(...alphabet), (m, at, character) => {
        const key = newApiKey(m);
        const position = at % key.length;
        fc.pre(key[position] !== character);
        expect(parseApiKey(key.slice(0, position) + character + key.slice(position + 1))).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it('are refused when the mode was swapped', () => {
    expect(parseApiKey(newApiKey('test').replace('pp_test_', 'pp_live_'))).toBeNull();
  });

  it('are refused when two neighbours changed places', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 42 }), (i) => {
        const key = newApiKey('test');
        fc.pre(key[i] !== key[i + 1]);
        expect(parseApiKey(key.slice(0, i) + key[i + 1] + key[i] + key.slice(i + 2))).toBeNull();
      }),
    );
  });

  it('never throw and never accept a key that was not issued', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((s) => `pp_live_${s}`),
        ),
        (text) => {
          expect(parseApiKey(text)).toBeNull();
        },
      ),
    );
    const key = newApiKey('live');
    for (const text of [`${key}\n`, ` ${key}`, key + key, key.toUpperCase(), `${key}\u0000`, ''])
      expect(parseApiKey(text)).toBeNull();
  });

  it('use the whole alphabet evenly', () => {
    const counts = new Map<string, number>();
    for (const c of randomBase62(62_000)) counts.set(c, (counts.get(c) ?? 0) + 1);
    expect(counts.size).toBe(62);
    // 1000 expected for each, standard deviation 31: seven of them away is a bias, not chance.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(220);
  });
});
