import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { layoutOf } from '../files/layout.ts';
import { ensureSecrets } from '../settings/secrets.ts';
import { StepError } from '../terminal/progress.ts';
import { wipe } from './wipe.ts';

describe('wipe', () => {
  let root: string;
  let elsewhere: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'wipe-'));
    elsewhere = join(root, 'elsewhere');
    for (const folder of [elsewhere, join(root, '.local')]) {
      mkdirSync(join(folder, 'logs'), { recursive: true });
      for (const file of ['supervisor.json', 'state.json', 'thesis.txt'])
        writeFileSync(join(folder, file), '[]');
    }
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('empties the clone’s own folder, except for the lock', () => {
    wipe(layoutOf(root));
    expect(readdirSync(join(root, '.local'))).toEqual(['supervisor.json']);
  });

  it('refuses a folder that belongs to no portal, and does not change it', () => {
    const before = readdirSync(elsewhere);
    expect(() => wipe(layoutOf(root, elsewhere))).toThrow(StepError);
    writeFileSync(join(elsewhere, 'secrets.json'), '{"password": "mine"}');
    expect(() => wipe(layoutOf(root, elsewhere))).toThrow(elsewhere);
    expect(readdirSync(elsewhere)).toEqual([...before, 'secrets.json'].sort());
  });

  it('deletes the files of a portal in a folder of LOCAL_DIR, and nothing else', () => {
    const layout = layoutOf(root, elsewhere);
    ensureSecrets(layout.secrets);
    wipe(layout);
    expect(readdirSync(elsewhere).sort()).toEqual(['supervisor.json', 'thesis.txt']);
  });

  it('accepts a folder that is empty or does not exist', () => {
    wipe(layoutOf(root, join(root, 'none')));
    mkdirSync(join(root, 'empty'));
    wipe(layoutOf(root, join(root, 'empty')));
    expect(readdirSync(join(root, 'empty'))).toEqual([]);
  });
});
