import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
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

  it('waits while another process builds: two at once would delete each other’s files', async () => {
    const log = join(root, 'log');
    script(`import { appendFileSync } from 'node:fs';
      import { setTimeout as sleep } from 'node:timers/promises';
      appendFileSync(${JSON.stringify(log)}, 'begin ');
      await sleep(300);
      appendFileSync(${JSON.stringify(log)}, 'end ');`);
    const caller = `import { buildConsole } from ${JSON.stringify(join(import.meta.dirname, 'build-console.ts'))};
      await buildConsole(${JSON.stringify(root)});`;
    const env = { ...process.env, NODE_OPTIONS: '' };
    const build = () =>
      promisify(execFile)(
        process.execPath,
        ['--conditions=source', '--no-warnings', '--input-type=module', '-e', caller],
        { env },
      );
    await Promise.all([build(), build(), build()]);
    expect(readFileSync(log, 'utf8')).toBe('begin end begin end begin end ');
  });

  it('has nothing to do where there is no console', async () => {
    expect(await buildConsole(root)).toBeNull();
  });
});
