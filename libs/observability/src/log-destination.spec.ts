import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allowedMs, eventually, noSmallDisk, SmallDisk } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogDestination } from './log-destination.ts';
import { createLogger } from './logger.ts';

let folder: string;
let files: number[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
  files = [];
});
afterEach(() => {
  for (const file of files) closeSync(file);
  rmSync(folder, { recursive: true, force: true });
});

function open(path: string, flags: string | number = 'a'): number {
  const file = openSync(path, flags);
  files.push(file);
  return file;
}
const flushed = (destination: LogDestination) => new Promise<void>((resolve) => destination.flush(resolve));

describe('LogDestination', () => {
  it('writes every line in order', async () => {
    const path = join(folder, 'log');
    const destination = new LogDestination(open(path));
    for (let line = 0; line < 1_000; line++) destination.write(`line ${line} ä\n`);
    await flushed(destination);
    destination.write('late\n');
    destination.flushSync();
    await flushed(destination);
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines.slice(0, -2)).toEqual(Array.from({ length: 1_000 }, (_, line) => `line ${line} ä`));
    expect(lines.slice(-2)).toEqual(['late', '']);
    expect(destination.droppedLines).toBe(0);
  });

  it('drops and counts lines that the disk refuses, at once also in flushSync', async () => {
    const destination = new LogDestination(open('/dev/full', 'w'));
    destination.write('one\ntwo\n');
    await flushed(destination);
    expect(destination.droppedLines).toBe(2);
    destination.write('three\n');
    await flushed(destination);
    for (let line = 0; line < 100; line++) destination.write('x\n');
    const startedAt = performance.now();
    destination.flushSync();
    expect(performance.now() - startedAt).toBeLessThan(allowedMs(200));
    await flushed(destination);
    expect(destination.droppedLines).toBe(103);
  });

  it('waits for a reader that hangs without blocking, drops beyond its limit, and gives up in flushSync', async () => {
    const path = join(folder, 'pipe');
    expect(spawnSync('mkfifo', [path]).status).toBe(0);
    const reader = open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    const destination = new LogDestination(writer, { maxWaiting: 200_000, flushMs: 100 });
    const line = `${'x'.repeat(999)}\n`;
    for (let count = 0; count < 300; count++) destination.write(line);
    expect(destination.droppedLines).toBeGreaterThan(90);
    const startedAt = performance.now();
    destination.flushSync();
    expect(performance.now() - startedAt).toBeLessThan(allowedMs(1_000));
    const recovered: number[] = [];
    destination.onRecovered = (count) => recovered.push(count);
    const all = Buffer.alloc(1_000_000);
    readSync(reader, all, 0, all.length, null);
    await eventually(() => {
      destination.write('again\n');
      expect(recovered).toHaveLength(1);
    });
    expect(recovered[0]).toBe(destination.droppedLines);
  });

  const withDisk = noSmallDisk === null ? it : it.skip;
  withDisk('reports in one line how many were lost when a full disk has room again', async () => {
    const disk = new SmallDisk(1);
    const file = openSync(join(disk.folder, 'log'), 'a');
    try {
      const destination = new LogDestination(file);
      const logger = createLogger({ service: 'billing', instance: 'billing', destination });
      logger.log('service.started');
      await flushed(destination);
      disk.fill();
      for (let count = 0; count < 200; count++) {
        logger.log('service.started', { padding: 'x'.repeat(1_000) });
        await flushed(destination);
      }
      logger.log('service.start_failed');
      await flushed(destination);
      const lost = destination.droppedLines;
      expect(lost).toBeGreaterThan(190);
      expect(lost).toBeLessThanOrEqual(201);
      disk.free();
      logger.log('service.stopped');
      await flushed(destination);
      const lines = readFileSync(join(disk.folder, 'log'), 'utf8').trim().split('\n');
      expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
        event: 'log.lines_dropped',
        level: 'warn',
        dropped_lines: lost,
      });
      expect(JSON.parse(lines.at(-2) ?? '')).toMatchObject({ event: 'service.stopped' });
      expect(lines.filter((line) => line.includes('dropped_lines'))).toHaveLength(1);
    } finally {
      closeSync(file);
      disk.remove();
    }
  });
});
