import { closeSync, mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lastLines, openLog } from './log-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
  path = join(folder, 'logs', 'billing.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a log', () => {
  it('shows its last lines, long ones cut', () => {
    const log = openLog(path);
    writeSync(log, `first\nsecond\n${'x'.repeat(400)}\n`);
    closeSync(log);
    expect(lastLines(path, 2)).toEqual(['second', `${'x'.repeat(300)}…`]);
  });

  it('that does not exist has no lines', () => {
    expect(lastLines(path, 5)).toEqual([]);
  });
});
