import { createWriteStream } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { newId, type UsageRecord } from '../../../libs/contracts/src/index.ts';
import type { Database } from '../../../libs/persistence/src/index.ts';
import type { PostgresServer } from '../../../libs/testing/src/postgres-server.ts';
import { UsageRepository } from '../../../services/billing/src/usage/usage.repository.ts';
import type { ReadEvent } from '../../../services/billing/src/usage-events/read-usage-event.ts';
import { UsageEventRepository } from '../../../services/billing/src/usage-events/usage-event.repository.ts';

/** As the gateway sends them, and as a call of the API may have them. */
const BATCH = { calls: 500, events: 1000 };
const PARTNERS = 50;
const KEYS = 4;
const ROUTES = 6;

const partners = Array.from({ length: PARTNERS }, () => newId('partner'));
const keys = partners.map(() => Array.from({ length: KEYS }, () => newId('apiKey')));

/** Calls of the present minutes, by many partners with several keys and routes each. */
export function makeCalls(count: number): UsageRecord[] {
  const begin = Date.now() - count;
  return Array.from({ length: count }, (_, n) => ({
    ...{ id: newId('usage'), partner_id: partners[n % PARTNERS] as string, mode: 'live' as const },
    api_key_id: keys[n % PARTNERS]?.[n % KEYS] as string,
    ...{ operation: `GET /v1/things-${n % ROUTES}`, status: n % 20 === 0 ? 404 : 200 },
    ...{ took_ms: (n % 400) / 10, at: new Date(begin + n).toISOString() },
  }));
}

/** Calls a second that billing counts: each batch in a transaction of its own with its inbox row, all sums by hour, day and key included. */
export async function recordCalls(database: Database, seconds: number): Promise<number> {
  const usage = new UsageRepository(database);
  const batches: UsageRecord[][] = [];
  const write = async (records: UsageRecord[]) =>
    void (await database.once({ id: newId('event') }, 'billing_record-usage', async (tx) => {
      await usage.record(tx, records);
    }));
  for (let n = 0; n < 20; n++) batches.push(makeCalls(BATCH.calls));
  for (const batch of batches.splice(0)) await write(batch);
  let counted = 0;
  const began = performance.now();
  while (performance.now() - began < seconds * 1000) {
    await write(makeCalls(BATCH.calls));
    counted += BATCH.calls;
  }
  return (counted / (performance.now() - began)) * 1000;
}

/** Events a second that partners' systems report, in batches of one partner, each in a transaction. */
export async function recordEvents(database: Database, seconds: number): Promise<number> {
  const events = new UsageEventRepository();
  const by = { partnerId: partners[0] as string, mode: 'live' as const, apiKeyId: null };
  const batch = (): ReadEvent[] =>
    Array.from({ length: BATCH.events }, (_, index) => ({
      ...{ index, id: newId('event'), source: '/warehouse/berlin', subject: null, at: new Date() },
      ...{ quantity: 1, metric: 'reported_units', corrects: null },
    }));
  let stored = 0;
  const began = performance.now();
  while (performance.now() - began < seconds * 1000) {
    await database.transaction((tx) => events.add(tx, by, batch()));
    stored += BATCH.events;
  }
  return (stored / (performance.now() - began)) * 1000;
}

/** Rows a second of one COPY by PostgreSQL itself from a file into `usage_records`, with its indexes: what the disk and the table allow. */
export async function copyCalls(postgres: PostgresServer, url: string, rows: number): Promise<number> {
  const file = join(tmpdir(), `usage-${process.pid}-${Date.now()}.csv`);
  const stream = createWriteStream(file);
  for (let left = rows; left > 0; left -= BATCH.calls) {
    const lines = makeCalls(Math.min(left, BATCH.calls)).map((call) =>
      [
        ...[call.id, call.partner_id, call.api_key_id, call.operation, call.status, call.at],
        ...[call.mode, call.took_ms],
      ].join(','),
    );
    if (!stream.write(`${lines.join('\n')}\n`))
      await new Promise<void>((resolve) => stream.once('drain', () => resolve()));
  }
  stream.end();
  await finished(stream);
  await chmod(file, 0o644);
  try {
    const admin = new URL(postgres.adminUrl);
    admin.pathname = new URL(url).pathname;
    const began = performance.now();
    await postgres.query(
      `copy billing.usage_records (id, partner_id, api_key_id, operation, status, at, mode, took_ms) from '${file}' with (format csv)`,
      [],
      admin.href,
    );
    return (rows / (performance.now() - began)) * 1000;
  } finally {
    await rm(file, { force: true });
  }
}
