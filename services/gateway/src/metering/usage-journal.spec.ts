import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, type UsageRecord, usageRecordSchema } from '@gridworks/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { batchId } from './batch-id.ts';
import { segmentName } from './journal-segment.ts';
import { UsageConfirmer } from './usage-confirmer.ts';
import { type JournalOptions, UsageJournal } from './usage-journal.ts';
import { UsageRelay } from './usage-relay.ts';

const record = (): UsageRecord => ({
  id: newId('usage'),
  partner_id: newId('partner'),
  api_key_id: newId('apiKey'),
  mode: 'live',
  operation: 'GET /v1/plans',
  status: 200,
  at: new Date().toISOString(),
});
const append = (journal: UsageJournal, what: UsageRecord) =>
  new Promise<void>((resolve, reject) =>
    journal.append(JSON.stringify(what), (error) => (error ? reject(error) : resolve())),
  );

/** A bus that stores batches by id, as a stream with deduplication, and may be away. */
class FakeBus {
  readonly batches = new Map<string, readonly UsageRecord[]>();
  readonly degraded: (string | null)[] = [];
  readonly copies: number[] = [];
  away = false;
  /** Stores the batch but loses the acknowledgement. */
  losesAcks = false;
  publish = async (records: readonly UsageRecord[], id: string): Promise<void> => {
    if (this.away) throw new Error('away');
    z.array(usageRecordSchema).parse(records);
    this.batches.set(id, records);
    if (this.losesAcks) throw new Error('no acknowledgement');
  };
  get ids(): string[] {
    return [...this.batches.values()].flatMap((records) => records.map(({ id }) => id));
  }
}

describe('the usage journal', () => {
  let directory: string;
  const opened: (UsageJournal | UsageRelay)[] = [];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'journal-'));
  });
  afterEach(async () => {
    for (const thing of opened.splice(0).reverse())
      await (thing instanceof UsageRelay ? thing.stop(0) : thing.close());
    await rm(directory, { recursive: true, force: true });
  });
  async function openJournal(options: Partial<JournalOptions> = {}): Promise<UsageJournal> {
    const journal = await UsageJournal.open({ directory, instance: 'gateway', retryMs: 20, ...options });
    opened.push(journal);
    return journal;
  }
  function relayTo(bus: FakeBus, journal: UsageJournal): UsageRelay {
    const relay = new UsageRelay({
      journal,
      publish: bus.publish,
      onDegraded: (text) => bus.degraded.push(text),
      lingerMs: 1,
      retryMs: 10,
    });
    opened.push(relay);
    relay.start();
    return relay;
  }
  function confirmerWith(journal: UsageJournal, bus: FakeBus, now: () => number = Date.now): UsageConfirmer {
    return new UsageConfirmer({
      journal,
      confirm: async (ids) => ids.filter((id) => bus.batches.has(id)),
      publishAgain: async (records, id, copy) => {
        bus.copies.push(copy);
        await bus.publish(records, id);
      },
      now,
    });
  }
  async function until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + 5000;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`still waiting for ${condition}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  it('delivers every record once, in order, in batches of at most 500', async () => {
    const bus = new FakeBus();
    const journal = await openJournal();
    const records = Array.from({ length: 1700 }, record);
    await Promise.all(records.map((one) => append(journal, one)));
    relayTo(bus, journal);
    await until(() => journal.backlogBytes === 0);
    expect(bus.ids).toEqual(records.map(({ id }) => id));
    expect(Math.max(...[...bus.batches.values()].map((batch) => batch.length))).toBeLessThanOrEqual(500);
  });

  it('keeps records while the bus is away, reports that, and delivers them afterwards', async () => {
    const bus = new FakeBus();
    bus.away = true;
    const journal = await openJournal();
    relayTo(bus, journal);
    const records = Array.from({ length: 10 }, record);
    for (const one of records) await append(journal, one);
    await until(() => bus.degraded.length === 1);
    expect(bus.degraded[0]).toContain('wait on disk');
    bus.away = false;
    await until(() => journal.backlogBytes === 0);
    expect(bus.ids).toEqual(records.map(({ id }) => id));
    await until(() => bus.degraded.length === 2);
    expect(bus.degraded[1]).toBeNull();
  });

  it('sends a batch whose acknowledgement was lost again under the same id', async () => {
    const bus = new FakeBus();
    bus.losesAcks = true;
    const journal = await openJournal();
    await append(journal, record());
    relayTo(bus, journal);
    await until(() => bus.degraded.length === 1);
    bus.losesAcks = false;
    await until(() => journal.backlogBytes === 0);
    expect(bus.batches.size).toBe(1);
  });

  it('takes over what an earlier process left, without a line that was cut off', async () => {
    const first = await openJournal();
    const records = Array.from({ length: 3 }, record);
    for (const one of records) await append(first, one);
    await first.close();
    await appendFile(join(directory, 'gateway', segmentName(1)), JSON.stringify(record()).slice(0, 50));
    const bus = new FakeBus();
    const second = await openJournal();
    const later = record();
    await append(second, later);
    relayTo(bus, second);
    await until(() => bus.ids.length === 4);
    expect(bus.ids).toEqual([...records, later].map(({ id }) => id));
  });

  it('continues from its cursor after a restart', async () => {
    const bus = new FakeBus();
    const first = await openJournal();
    await append(first, record());
    const relay = relayTo(bus, first);
    await until(() => first.backlogBytes === 0);
    await relay.stop(0);
    const later = record();
    await append(first, later);
    await first.close();
    const second = await openJournal();
    const other = new FakeBus();
    relayTo(other, second);
    await until(() => second.backlogBytes === 0);
    expect(other.ids).toEqual([later.id]);
  });

  it('sends everything again when its ledger is lost', async () => {
    const first = await openJournal();
    const one = record();
    await append(first, one);
    await first.close();
    await writeFile(join(directory, 'gateway', 'ledger.ndjson'), '{"id":"evt_1","segm');
    const bus = new FakeBus();
    relayTo(bus, await openJournal());
    await until(() => bus.ids.length === 1);
    expect(bus.ids).toEqual([one.id]);
  });

  it('waits between two batches, so that records that come meanwhile go together', async () => {
    const journal = await openJournal();
    const sent: { at: number; count: number }[] = [];
    const relay = new UsageRelay({
      journal,
      publish: async (records) => {
        sent.push({ at: performance.now(), count: records.length });
        // More records come while the bus stores the first batch.
        if (sent.length === 1) for (let i = 0; i < 20; i++) await append(journal, record());
      },
      lingerMs: 200,
    });
    opened.push(relay);
    await append(journal, record());
    relay.start();
    await until(() => sent.length === 2 && journal.backlogBytes === 0);
    expect(sent.map(({ count }) => count)).toEqual([1, 20]);
    // A timer may end a millisecond early.
    expect(sent[1]!.at - sent[0]!.at).toBeGreaterThanOrEqual(198);
  });

  it('skips a damaged line and reports it', async () => {
    const journal = await openJournal();
    const bad: string[] = [];
    const bus = new FakeBus();
    const one = record();
    for (const line of ['{"id":"use_', '5', '{"id":"use_1"}'])
      await new Promise<void>((resolve) => journal.append(line, () => resolve()));
    await append(journal, one);
    const relay = new UsageRelay({
      journal,
      publish: bus.publish,
      onBadLine: (_, line) => bad.push(line),
      lingerMs: 1,
    });
    opened.push(relay);
    relay.start();
    await until(() => journal.backlogBytes === 0);
    expect(bus.ids).toEqual([one.id]);
    expect(bad).toHaveLength(3);
  });

  it('rotates its segments and deletes those whose records are confirmed', async () => {
    const bus = new FakeBus();
    const journal = await openJournal({ segmentBytes: 2000 });
    const records = Array.from({ length: 100 }, record);
    for (const one of records) await append(journal, one);
    expect(
      (await readdir(journal.directory)).filter((name) => name.startsWith('usage-')).length,
    ).toBeGreaterThan(5);
    relayTo(bus, journal);
    await until(() => bus.ids.length === 100 && journal.backlogBytes === 0);
    await until(() => journal.segmentAfter(journal.cursor.segment) === null);
    expect(bus.ids).toEqual(records.map(({ id }) => id));
    const confirmer = confirmerWith(journal, bus);
    await confirmer.poll();
    expect(journal.unconfirmed).toEqual([]);
    expect((await readdir(journal.directory)).filter((name) => name.startsWith('usage-'))).toHaveLength(1);
  });

  it('sends again the batches that the bus stored and then lost, and only those', async () => {
    const bus = new FakeBus();
    const journal = await openJournal();
    const records = Array.from({ length: 3 }, record);
    relayTo(bus, journal);
    for (const one of records) {
      await append(journal, one);
      await until(() => journal.backlogBytes === 0);
    }
    let now = Date.now();
    const confirmer = confirmerWith(journal, bus, () => now);
    const [, lost] = [...bus.batches.keys()];
    bus.batches.delete(lost as string);
    await confirmer.poll();
    expect(bus.copies).toEqual([]);
    expect(journal.unconfirmed.map(({ id }) => id)).toEqual([lost]);
    now += 11_000;
    await confirmer.poll();
    expect(bus.copies).toEqual([1]);
    await confirmer.poll();
    expect(journal.unconfirmed).toEqual([]);
    expect(bus.ids.sort()).toEqual(records.map(({ id }) => id).sort());
  });

  it('waits longer with each copy, and for as long as the consumer does not respond', async () => {
    const bus = new FakeBus();
    const journal = await openJournal();
    relayTo(bus, journal);
    await append(journal, record());
    await until(() => journal.backlogBytes === 0);
    const begun = Date.now();
    let now = begun;
    const confirmer = confirmerWith(journal, bus, () => now);
    bus.publish = async () => {};
    bus.batches.clear();
    for (; now < begun + 160_000; now += 1000) await confirmer.poll();
    expect(bus.copies).toEqual([1, 2, 3, 4]);
  });

  it('knows after a restart which batches are not confirmed', async () => {
    const bus = new FakeBus();
    const first = await openJournal();
    const relay = relayTo(bus, first);
    const one = record();
    await append(first, one);
    await until(() => first.backlogBytes === 0);
    await relay.stop(0);
    await first.close();
    bus.batches.clear();
    const second = await openJournal();
    expect(second.backlogBytes).toBe(0);
    await confirmerWith(second, bus, () => Date.now() + 60_000).poll();
    expect(bus.ids).toEqual([one.id]);
  });

  it('refuses records above its size limit', async () => {
    const journal = await openJournal({ maxBacklogBytes: 500 });
    expect(journal.refusal()).toBeNull();
    while (!journal.refusal()) await append(journal, record());
    expect(journal.refusal()).toContain('full');
    relayTo(new FakeBus(), journal);
    await until(() => journal.refusal() === null);
  });

  it('belongs to one process at a time, and can be taken over from a dead one', async () => {
    const journal = await openJournal();
    await expect(UsageJournal.open({ directory, instance: 'gateway' })).rejects.toThrow('in use by gateway');
    await journal.close();
    const dead = {
      token: 'x',
      instance: 'gateway',
      host: (await import('node:os')).hostname(),
      pid: 2 ** 22 + 1,
      started: '1',
    };
    await writeFile(join(directory, 'gateway', 'lock'), JSON.stringify(dead));
    await expect(openJournal()).resolves.toBeDefined();
  });

  it('gives the same records the same id, and others another', () => {
    const records = [record(), record(), record()];
    expect(batchId(records)).toBe(batchId([...records]));
    expect(batchId(records)).not.toBe(batchId(records.slice(0, 2)));
    expect(batchId(records)).toMatch(/^evt_[0-9A-Za-z]{22}$/);
  });
});
