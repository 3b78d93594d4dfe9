import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { removeDrafts } from '../files/write-file.ts';
import { Bookkeeping } from './bookkeeping.ts';
import { type ProcessEntry, readState, StateFile, writeState } from './state-file.ts';

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
  it('is a JSON array of the written entries, with no temporary file beside it', () => {
    const path = join(folder, 'deeper', 'state.json');
    writeState(path, [entry]);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([entry]);
    expect(readState(path)).toEqual([entry]);
    expect(readdirSync(join(folder, 'deeper'))).toEqual(['state.json']);
  });

  it('leaves no temporary file behind when it cannot be written, and is written once it can', async () => {
    const path = join(folder, 'state.json');
    mkdirSync(path);
    const reports: string[] = [];
    const file = new StateFile(path, new Bookkeeping((text) => reports.push(text)));
    file.write([entry]);
    file.write([entry]);
    expect(reports).toEqual([expect.stringContaining('the state file could not be written')]);
    expect(readdirSync(folder)).toEqual(['state.json']);
    rmdirSync(path);
    await eventually(() => expect(readState(path)).toEqual([entry]));
    expect(reports[1]).toBe('the state file is written again');
    file.close();
  });

  it('has temporary files of a killed writer removed, and nothing else', () => {
    for (const name of ['state.json.12.3.tmp', 'state.json', 'notes.tmp'])
      writeFileSync(join(folder, name), '');
    removeDrafts(folder);
    removeDrafts(join(folder, 'absent'));
    expect(readdirSync(folder).sort()).toEqual(['notes.tmp', 'state.json']);
  });

  it.each(['', '{', '{"pid":1}', 'null'])('reads %j as an empty list', (content) => {
    const path = join(folder, 'state.json');
    writeFileSync(path, content);
    expect(readState(path)).toEqual([]);
  });

  it('reads an empty list where there is no file', () => {
    expect(readState(join(folder, 'absent.json'))).toEqual([]);
  });
});
