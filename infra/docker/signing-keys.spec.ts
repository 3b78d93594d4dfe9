import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { publicKeyOf } from '@gridworks/bus';
import { describe, expect, it } from '@jest/globals';

const run = (SIGNING_KEY: string) =>
  Object.fromEntries(
    execFileSync(process.execPath, [join(import.meta.dirname, 'signing-keys.mjs')], {
      encoding: 'utf8',
      env: { SIGNING_KEY },
    })
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  );

describe('signing-keys.mjs', () => {
  it('prints the public key that the services expect', () => {
    const key = 'of the environment, thirty-two letters';
    expect(run(key)).toEqual({ SIGNING_KEY: key, SIGNING_PUBLIC_KEY: publicKeyOf(key) });
  });

  it('makes a new key when none is set', () => {
    const made = run('');
    expect(made.SIGNING_KEY).toMatch(/^[0-9a-f]{64}$/);
    expect(made.SIGNING_PUBLIC_KEY).toBe(publicKeyOf(made.SIGNING_KEY!));
    expect(run('').SIGNING_KEY).not.toBe(made.SIGNING_KEY);
  });
});
