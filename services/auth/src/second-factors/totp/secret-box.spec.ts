import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SecretBox } from './secret-box.ts';

const [old, present, other] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const boxOf = (...keys: Buffer[]) => new SecretBox({ AUTH_SECRET_KEYS: keys });

describe('a secret box', () => {
  it('gives back what it sealed, each time under another nonce', () => {
    const box = boxOf(present);
    const sealed = [box.seal('JBSWY3DP', 'usr_1'), box.seal('JBSWY3DP', 'usr_1')] as const;
    expect(sealed[0]).not.toBe(sealed[1]);
    for (const one of sealed) {
      expect(one).not.toContain('JBSWY3DP');
      expect(box.open(one, 'usr_1')).toBe('JBSWY3DP');
    }
  });

  it('opens what an older key sealed, and says that it is old', () => {
    const sealed = boxOf(old).seal('JBSWY3DP', 'usr_1');
    const box = boxOf(present, old);
    expect(box.open(sealed, 'usr_1')).toBe('JBSWY3DP');
    expect(box.isCurrent(sealed)).toBe(false);
    expect(box.isCurrent(box.seal('JBSWY3DP', 'usr_1'))).toBe(true);
  });

  it('opens nothing for another owner, with another key, or that was changed', () => {
    const box = boxOf(present);
    const sealed = box.seal('JBSWY3DP', 'usr_1');
    expect(() => box.open(sealed, 'usr_2')).toThrow();
    expect(() => boxOf(other).open(sealed, 'usr_1')).toThrow('AUTH_SECRET_KEYS');
    const parts = sealed.split('.');
    for (const at of [2, 3, 4]) {
      const bytes = Buffer.from(parts[at]!, 'base64url');
      bytes[0] = bytes[0]! ^ 1;
      expect(() => box.open(parts.with(at, bytes.toString('base64url')).join('.'), 'usr_1')).toThrow();
    }
    // A shortened tag would be easy to guess.
    const short = Buffer.from(parts[4]!, 'base64url').subarray(0, 4).toString('base64url');
    expect(() => box.open(parts.with(4, short).join('.'), 'usr_1')).toThrow();
  });
});
