import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Layout, layoutOf } from '../files/layout.ts';
import {
  backupName,
  createDraft,
  findBackup,
  keepNewest,
  listBackups,
  publishDraft,
} from './backup-store.ts';

describe('the folder of backups', () => {
  let root: string;
  let layout: Layout;
  const add = (second: number, complete = true) => {
    const path = join(layout.backups, backupName(new Date(Date.UTC(2026, 10, 29, 10, 0, second))));
    mkdirSync(path, { recursive: true });
    if (complete) writeFileSync(join(path, 'manifest.json'), '{}');
    return path;
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'store-'));
    layout = layoutOf(root);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('has complete backups only, oldest first', () => {
    const [second, first] = [add(2), add(1)];
    add(3, false);
    mkdirSync(join(layout.backups, 'thesis'));
    expect(listBackups(layout.backups)).toEqual([first, second]);
  });

  it('finds the newest, one by name, by path and by one of its files', () => {
    const [first, second] = [add(1), add(2)];
    expect(findBackup(layout, undefined)).toBe(second);
    expect(findBackup(layout, layout.backups)).toBe(second);
    expect(findBackup(layout, backupName(new Date(Date.UTC(2026, 10, 29, 10, 0, 1))))).toBe(first);
    expect(findBackup(layout, first)).toBe(first);
    expect(findBackup(layout, join(first, 'manifest.json'))).toBe(first);
  });

  it('names the backups there are when the wanted one is not', () => {
    add(1);
    expect(() => findBackup(layout, 'backup-of-yesterday')).toThrow(
      expect.objectContaining({
        code: 'BACKUP.NOT_FOUND',
        advice: [expect.stringContaining('backup-2026-11-29T10-00-01')],
      }),
    );
  });

  it('keeps the newest, and everything that is no complete backup', () => {
    const [first, second, third] = [add(1), add(2), add(3)];
    const partial = add(0, false);
    expect(keepNewest(layout.backups, 2)).toEqual([first]);
    expect(listBackups(layout.backups)).toEqual([second, third]);
    expect(existsSync(partial)).toBe(true);
    expect(keepNewest(layout.backups, 5)).toEqual([]);
  });

  it('deletes its own drafts of killed processes, and not those of another portal', () => {
    const other = createDraft(layoutOf(join(root, 'other')), layout.backups);
    const mine = createDraft(layout, layout.backups);
    writeFileSync(join(mine, 'data.tar.gz'), 'half');
    const again = createDraft(layout, layout.backups);
    expect([existsSync(join(again, 'data.tar.gz')), existsSync(other)]).toEqual([false, true]);
    writeFileSync(join(again, 'manifest.json'), '{}');
    expect(listBackups(layout.backups)).toEqual([]);
    const path = publishDraft(again, new Date());
    expect(listBackups(layout.backups)).toEqual([path]);
  });
});
