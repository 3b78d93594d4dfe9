import { PATTERN_TABLE_KEY, type PatternTable, patternTableSchema } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { describe, expect, it } from '@jest/globals';
import { aPattern, START } from '../../test/learned-patterns.ts';
import { MemoryBucket } from '../../test/memory-bucket.ts';
import type { PatternRecord } from './pattern.ts';
import { MAX_PATTERNS, patternsInUse, writeTable } from './pattern-table.ts';
import { PatternTableWriter } from './pattern-table-writer.ts';

const deciding = (fingerprint: string, healed = 10): PatternRecord =>
  aPattern({ fingerprint, state: 'deciding', samples: healed, evidence: { healed, failed: 0, at: START } });
const trial = (fingerprint: string): PatternRecord =>
  aPattern({ fingerprint, state: 'trial', origin: 'model', strategy: 'RESET_CONNECTION' });
const now = () => START;

describe('the table that every process reads', () => {
  it('has what decides and what is on trial, and nothing else', () => {
    const records = [
      deciding('a'),
      trial('b'),
      aPattern({ fingerprint: 'c', state: 'learning' }),
      aPattern({ fingerprint: 'd', state: 'demoted' }),
    ];
    expect(patternsInUse(records, START)).toEqual({
      a: { strategy: 'RETRY_WITH_BACKOFF', origin: 'learned' },
      b: { strategy: 'RESET_CONNECTION', origin: 'model' },
    });
  });

  it('has one strategy for an error, and what decides goes before a trial', () => {
    expect(patternsInUse([trial('a'), deciding('a')], START).a?.origin).toBe('learned');
  });

  it('holds no more than 2,000, the surest', () => {
    const many = Array.from({ length: MAX_PATTERNS + 500 }, (_, i) => deciding(`f${i}`, 10 + i));
    const inUse = patternsInUse([trial('t'), ...many], START);
    expect(Object.keys(inUse)).toHaveLength(2000);
    expect(inUse).toHaveProperty('f2499');
    expect(inUse).not.toHaveProperty('f0');
    expect(inUse).not.toHaveProperty('t');
  });

  it('in its largest form fits into one message of 1 MB', () => {
    const patterns = patternsInUse(
      Array.from({ length: MAX_PATTERNS }, (_, i) =>
        aPattern({ ...deciding(`${i}`.padStart(200, 'f')), strategy: 'CLEAR_CACHE_AND_RETRY' }),
      ),
      START,
    );
    const table = { version: START, updated_at: new Date(START).toISOString(), patterns };
    expect(patternTableSchema.parse(table)).toEqual(table);
    expect(JSON.stringify(table).length).toBeLessThan(1024 ** 2);
  });
});

describe('writing the table', () => {
  it('changes nothing when it is as it should be', async () => {
    const bucket = new MemoryBucket<PatternTable>();
    const read = async () => [deciding('a')];
    expect(await writeTable(bucket, read, now)).toBe(true);
    const stored = await bucket.get(PATTERN_TABLE_KEY);
    expect(await writeTable(bucket, read, now)).toBe(false);
    expect(await bucket.get(PATTERN_TABLE_KEY)).toEqual(stored);
  });

  it('raises the version, even when the bucket was lost', async () => {
    const bucket = new MemoryBucket<PatternTable>();
    let records = [deciding('a')];
    const version = async () => (await bucket.get(PATTERN_TABLE_KEY))!.value.version;
    await writeTable(bucket, async () => records, now);
    const first = await version();
    records = [deciding('b')];
    await writeTable(bucket, async () => records, now);
    expect(await version()).toBe(first + 1);
    await bucket.delete(PATTERN_TABLE_KEY);
    await writeTable(
      bucket,
      async () => records,
      () => START + 1000,
    );
    expect(await version()).toBeGreaterThan(first + 1);
  });

  it('by two at once leaves what PostgreSQL said last', async () => {
    const bucket = new MemoryBucket<PatternTable>();
    let records = [deciding('a')];
    const slow = writeTable(
      bucket,
      async () => {
        // While this one has read and not yet written, something changes and another healer writes.
        const read = records;
        if (records.length === 1) {
          records = [deciding('a'), deciding('b')];
          await writeTable(bucket, async () => records, now);
        }
        return read;
      },
      now,
    );
    await slow;
    expect(Object.keys((await bucket.get(PATTERN_TABLE_KEY))!.value.patterns)).toEqual(['a', 'b']);
  });
});

describe('a writer that was too late', () => {
  it('writes once more when it knows better', async () => {
    const bucket = new MemoryBucket<PatternTable>();
    let overtaken = false;
    const read = async () => {
      // Another healer, which has read before the latest change, writes in between.
      if (!overtaken) {
        overtaken = true;
        await writeTable(bucket, async () => [deciding('old')], now);
      }
      return [deciding('new')];
    };
    expect(await writeTable(bucket, read, now)).toBe(true);
    expect(Object.keys((await bucket.get(PATTERN_TABLE_KEY))!.value.patterns)).toEqual(['new']);
  });
});

describe('keeping the table', () => {
  const silent = { log: () => undefined };

  it('tries again while the bus is away, and writes what is true by then', async () => {
    const bucket = new MemoryBucket<PatternTable>();
    let records: PatternRecord[] = [];
    const writer = new PatternTableWriter(bucket, { inUse: async () => records }, now, silent);
    bucket.away = true;
    writer.start();
    records = [deciding('a')];
    writer.refresh();
    bucket.away = false;
    await eventually(async () =>
      expect(Object.keys((await bucket.get(PATTERN_TABLE_KEY))!.value.patterns)).toEqual(['a']),
    );
    await writer.stop();
  });

  it('misses no change that comes while it writes', async () => {
    const bucket = new MemoryBucket<PatternTable>();
    let records: PatternRecord[] = [];
    const gate = Promise.withResolvers<void>();
    let reads = 0;
    const inUse = async () => {
      const read = records;
      if (++reads === 1) await gate.promise;
      return read;
    };
    const writer = new PatternTableWriter(bucket, { inUse }, now, silent);
    writer.start();
    await eventually(() => reads === 1);
    records = [deciding('late')];
    writer.refresh();
    gate.resolve();
    await eventually(async () =>
      expect(Object.keys((await bucket.get(PATTERN_TABLE_KEY))!.value.patterns)).toEqual(['late']),
    );
    await writer.stop();
  });

  it('keeps the table that is there while PostgreSQL is away', async () => {
    const bucket = new MemoryBucket<PatternTable>();
    await writeTable(bucket, async () => [deciding('a')], now);
    const before = await bucket.get(PATTERN_TABLE_KEY);
    let requested = 0;
    const inUse = async () => {
      requested++;
      throw new Error('away');
    };
    const writer = new PatternTableWriter(bucket, { inUse }, now, silent);
    writer.start();
    await eventually(() => requested > 1);
    await writer.stop();
    expect(await bucket.get(PATTERN_TABLE_KEY)).toEqual(before);
  });
});
