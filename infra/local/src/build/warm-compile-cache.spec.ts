import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { warmCompileCache } from './warm-compile-cache.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridworks-warm-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const command = (args: string[]) => ({ file: process.execPath, args, env: { SECRET: 'x' }, cwd: folder });
const cached = (cache: string) =>
  readdirSync(cache, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());

describe('warmCompileCache', () => {
  it('keeps the compiled code of a service that refuses to start', async () => {
    const cache = join(folder, 'cache');
    writeFileSync(join(folder, 'part.mjs'), 'export const part = () => 1;\n');
    writeFileSync(
      join(folder, 'main.mjs'),
      "import { part } from './part.mjs';\nif (!process.env.SECRET) process.exit(78);\npart();\nsetInterval(part, 1000);\n",
    );
    await warmCompileCache([command(['main.mjs'])], { PATH: process.env.PATH, NODE_COMPILE_CACHE: cache });
    expect(cached(cache).length).toBeGreaterThanOrEqual(2);
  });

  it('ignores a program that cannot be run', async () => {
    const cache = join(folder, 'cache');
    await warmCompileCache([{ ...command([]), file: join(folder, 'absent') }, command(['absent.mjs'])], {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: cache,
    });
  });

  it('runs nothing without a cache', async () => {
    const proof = join(folder, 'ran');
    await warmCompileCache(
      [command(['-e', `require('fs').writeFileSync(${JSON.stringify(proof)}, '')`])],
      {},
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});
