import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildConsole } from './build-console.ts';

describe('buildConsole', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gridworks-build-console-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const script = (text: string) => {
    mkdirSync(join(root, 'console'));
    writeFileSync(join(root, 'console', 'build.mjs'), text);
  };

  it('returns the last line of the build', async () => {
    script(`process.stdout.write('  vite\\n  built the console in 1.0 s\\n');`);
    expect(await buildConsole(root)).toBe('built the console in 1.0 s');
  });

  it('fails with the output of the build', async () => {
    script(`throw new Error('src/main.tsx does not parse');`);
    await expect(buildConsole(root)).rejects.toMatchObject({
      message: 'the console does not build',
      advice: expect.arrayContaining([expect.stringContaining('src/main.tsx does not parse')]) as unknown,
    });
  });

  it('has nothing to do where there is no console', async () => {
    expect(await buildConsole(root)).toBeNull();
  });
});
