import { closeSync, mkdtempSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lastLines, openLog, rotateLog } from './log-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
  path = join(folder, 'logs', 'billing.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a log', () => {
  it('is moved aside when it is too long, while its writer continues', () => {
    const log = openLog(path);
    writeSync(log, 'a'.repeat(100));
    expect(rotateLog(path, 100)).toBe(false);
    writeSync(log, 'b');
    expect(rotateLog(path, 100)).toBe(true);
    writeSync(log, 'after\n');
    closeSync(log);
    expect(statSync(`${path}.1`).size).toBe(101);
    expect(readFileSync(path, 'utf8')).toBe('after\n');
  });

  it('shows its last lines, long ones cut', () => {
    const log = openLog(path);
    writeSync(log, `first\nsecond\n${'x'.repeat(400)}\n`);
    closeSync(log);
    expect(lastLines(path, 2)).toEqual(['second', `${'x'.repeat(300)}…`]);
  });

  it('that does not exist has no lines and is not moved', () => {
    expect(lastLines(path, 5)).toEqual([]);
    expect(rotateLog(path)).toBe(false);
  });
});
