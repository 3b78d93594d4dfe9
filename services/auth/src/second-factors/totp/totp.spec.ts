import { describe, expect, it } from '@jest/globals';
import { newTotpSecret, stepOf, totpUri } from './totp.ts';

// RFC 6238, appendix B, SHA-1: the secret is the ASCII text 12345678901234567890; the last six digits of the codes.
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const VECTORS = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
] as const;

describe('a code of an authenticator app', () => {
  it.each(VECTORS)('at second %d is %s, as in RFC 6238', (second, code) => {
    const step = Math.floor(second / 30);
    expect(stepOf(SECRET, code, second * 1000)).toBe(step);
    // The clock of a telephone may differ by one step, and no more.
    expect(stepOf(SECRET, code, (second + 30) * 1000)).toBe(step);
    expect(stepOf(SECRET, code, (second - 30) * 1000)).toBe(step);
    expect(stepOf(SECRET, code, (second + 60) * 1000)).toBeNull();
  });

  it('is of a secret of 160 random bits', () => {
    const secrets = Array.from({ length: 50 }, newTotpSecret);
    expect(new Set(secrets).size).toBe(50);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  });

  it('has an address that apps read', () => {
    const uri = new URL(totpUri(SECRET, 'ada+1@example.com'));
    expect(uri.protocol).toBe('otpauth:');
    expect(decodeURIComponent(uri.pathname)).toMatch(/GridWorks:ada\+1@example\.com$/);
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      ...{ issuer: 'GridWorks', secret: SECRET, algorithm: 'SHA1', digits: '6', period: '30' },
    });
  });
});
