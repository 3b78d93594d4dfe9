import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { replaceFile } from './replace-file.ts';

describe('replaceFile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gridworks-replace-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('creates the folder and the file, for their owner only, and replaces an existing file', async () => {
    const path = join(folder, 'state', 'file.json');
    await replaceFile(path, 'old and longer');
    await replaceFile(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'state'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, 'state'))).toEqual(['file.json']);
  });

  it('leaves no temporary file behind when it cannot be renamed', async () => {
    await replaceFile(join(folder, 'taken', 'inside'), 'x');
    await expect(replaceFile(join(folder, 'taken'), 'y')).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await readdir(folder)).toEqual(['taken']);
  });
});
