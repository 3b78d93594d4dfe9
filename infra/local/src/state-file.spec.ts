import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ProcessEntry, readState, writeState } from './state-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry: ProcessEntry = {
  name: 'billing',
  kind: 'service',
  pid: 42,
  ports: [17_001],
  started_at: '2026-11-01T00:00:00.000Z',
  restarts: 2,
};

describe('the state file', () => {
  it('is a JSON array of what was written, with no draft left beside it', () => {
    const path = join(folder, 'deeper', 'state.json');
    writeState(path, [entry]);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([entry]);
    expect(readState(path)).toEqual([entry]);
    expect(readdirSync(join(folder, 'deeper'))).toEqual(['state.json']);
  });

  it.each(['', '{', '{"pid":1}', 'null'])('reads %j as nothing', (content) => {
    const path = join(folder, 'state.json');
    writeFileSync(path, content);
    expect(readState(path)).toEqual([]);
  });

  it('reads nothing where there is no file', () => {
    expect(readState(join(folder, 'absent.json'))).toEqual([]);
  });
});
