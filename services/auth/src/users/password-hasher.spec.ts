import { describe, expect, it } from '@jest/globals';
import { parseOptions } from '@node-rs/argon2';
import { PasswordHasher } from './password-hasher.ts';

describe('PasswordHasher', () => {
  const hasher = new PasswordHasher();

  it('uses Argon2id at the agreed cost with a salt of its own', async () => {
    const [one, two] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(parseOptions(one)).toMatchObject({
      memoryCost: 19_456,
      timeCost: 2,
      parallelism: 1,
      outputLen: 32,
    });
    expect(one).not.toBe(two);
  });

  it('accepts only the right password, byte for byte', async () => {
    const stored = await hasher.hash('correct horse');
    expect(await hasher.verify(stored, 'correct horse')).toBe(true);
    for (const wrong of ['correct hors', 'correct horse ', 'Correct horse', '', 'correct horse\u0000'])
      expect(await hasher.verify(stored, wrong)).toBe(false);
  });

  it('treats a composed and a decomposed letter as equal', async () => {
    const stored = await hasher.hash('café-bar-42');
    expect(await hasher.verify(stored, 'cafe\u0301-bar-42')).toBe(true);
  });

  it('refuses every password for an unknown user', async () => {
    expect(await hasher.verify(null, 'no account has this password')).toBe(false);
  });

  it('takes as long for an unknown user as for a wrong password', async () => {
    const stored = await hasher.hash('correct horse');
    const timed = async (of: string | null) => {
      const start = performance.now();
      await hasher.verify(of, 'wrong');
      return performance.now() - start;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    // Alternating, so that other load of the machine affects both.
    for (let i = 0; i < 21; i++) {
      known.push(await timed(stored));
      unknown.push(await timed(null));
    }
    const median = (times: number[]) => times.sort((a, b) => a - b)[10]!;
    const ratio = median(unknown) / median(known);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it('sheds work that would wait too long, and serves the rest', async () => {
    const flood = Array.from({ length: 80 }, () => hasher.verify(null, 'x'));
    const results = await Promise.allSettled(flood);
    const refused = results.filter((r) => r.status === 'rejected');
    // Two run and 64 wait; some of the waiting ones may be shed on a busy machine.
    expect(refused.length).toBeGreaterThanOrEqual(80 - 2 - 64);
    expect(refused.length).toBeLessThan(78);
    for (const r of refused)
      expect(r).toMatchObject({ reason: { code: 'PLATFORM.UNAVAILABLE', retryAfterMs: 1000 } });
    expect(await hasher.verify(null, 'x')).toBe(false);
  });
});
