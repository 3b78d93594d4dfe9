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

  it('tells right from wrong, byte for byte', async () => {
    const stored = await hasher.hash('correct horse');
    expect(await hasher.verify(stored, 'correct horse')).toBe(true);
    for (const wrong of ['correct hors', 'correct horse ', 'Correct horse', '', 'correct horse\u0000'])
      expect(await hasher.verify(stored, wrong)).toBe(false);
  });

  it('takes a composed and a decomposed letter for the same', async () => {
    const stored = await hasher.hash('café-bar-42');
    expect(await hasher.verify(stored, 'cafe\u0301-bar-42')).toBe(true);
  });

  it('refuses whatever is typed for a user who does not exist', async () => {
    expect(await hasher.verify(null, 'no account has this password')).toBe(false);
  });

  it('spends as much on an unknown user as on a wrong password', async () => {
    const stored = await hasher.hash('correct horse');
    const median = async (of: string | null) => {
      const times: number[] = [];
      for (let i = 0; i < 15; i++) {
        const start = performance.now();
        await hasher.verify(of, 'wrong');
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[7]!;
    };
    await median(stored);
    const ratio = (await median(null)) / (await median(stored));
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it('sheds what would wait too long, and serves the rest', async () => {
    const flood = Array.from({ length: 80 }, () => hasher.verify(null, 'x'));
    const results = await Promise.allSettled(flood);
    const refused = results.filter((r) => r.status === 'rejected');
    expect(refused).toHaveLength(80 - 2 - 64);
    for (const r of refused)
      expect(r).toMatchObject({ reason: { code: 'PLATFORM.UNAVAILABLE', retryAfterMs: 1000 } });
    expect(await hasher.verify(null, 'x')).toBe(false);
  });
});
