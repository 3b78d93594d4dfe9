import { Bus } from '@gridworks/bus';
import {
  approveIndex,
  createPause,
  dismissIndex,
  dropIndex,
  type IndexSuggestion,
  type InputOf,
  listIndexSuggestions,
  lookForIndexes,
  type OutputOf,
  type RequestContract,
  removePause,
} from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { PersistenceModule } from '@gridworks/persistence';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { ADMIN } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { SIGNING_KEY } from './fake-instance.ts';
import { HealerFixture } from './healer-fixture.ts';
import { spawnHealer } from './healer-main.ts';
import { type HealerService, startHealerService } from './healer-service.ts';

process.env.LOG_LEVEL = 'silent';
const slow = { timeoutMs: 30_000, everyMs: 100 };

/** The healer and billing over real servers; billing's role owns the table, and the healer's may not even read it. */
describe('suggested indexes', () => {
  let fixture: HealerFixture;
  let postgres: PostgresServer;
  let healerUrl: string;
  let url: string;
  let admin: string;
  let healer: HealerService | undefined;
  let gateway: Bus;
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    [fixture, postgres] = await Promise.all([
      HealerFixture.start(),
      startPostgres({ settings: { shared_preload_libraries: 'pg_stat_statements' } }),
    ]);
    healerUrl = await postgres.createServiceDatabase('healer', { database: 'portal' });
    url = await postgres.createServiceDatabase('billing', { database: 'portal' });
    const address = new URL(postgres.adminUrl);
    address.pathname = '/portal';
    admin = address.href;
    await postgres.query(
      `create schema extensions; create extension pg_stat_statements schema extensions;
       grant usage on schema extensions to billing; grant pg_read_all_stats to healer`,
      [],
      admin,
    );
    await query(
      `create table invoices (id text, partner_id text not null, note text);
       insert into invoices select 'inv_' || n, 'par_' || n % 5000, repeat('x', 40) from generate_series(1, 60000) n;
       create table lines (id int, invoice_id text not null);
       insert into lines select n, 'inv_' || n % 9000 from generate_series(1, 60000) n;
       analyze invoices; analyze lines`,
    );
    healer = await startHealerService(fixture, healerUrl);
    gateway = await fixture.connect('gateway');
    closing.push(() => gateway.close());
    await startBilling();
  }, 60_000);
  afterAll(async () => {
    await healer?.stop();
    for (const close of closing.reverse()) await close();
    await fixture?.stop();
    await postgres?.stop();
  }, 30_000);

  const query = <R extends Record<string, unknown>>(sql: string) => postgres.query<R>(sql, [], url);
  /** An instance of billing, as far as PostgreSQL is concerned. */
  async function startBilling(): Promise<void> {
    const bus = await Bus.connect({
      servers: fixture.nats.url,
      ...fixture.nats.credentials('billing'),
      service: 'billing',
      instance: 'billing',
      signingKey: SIGNING_KEY,
    });
    const logger = createLogger({ service: 'billing', instance: 'billing', level: 'silent' });
    const provided = [{ provide: Bus, useValue: bus }];
    const app = await NestFactory.createApplicationContext(
      {
        module: class Root {},
        imports: [
          { module: class BusModule {}, global: true, providers: provided, exports: [Bus] },
          PersistenceModule.forService({ service: 'billing', url, instance: 'billing', logger }),
        ],
      },
      { logger: false },
    );
    closing.push(
      () => bus.close(),
      () => app.close(),
      () => bus.drain(),
    );
  }
  const ask = <C extends RequestContract>(contract: C, input: InputOf<C>): Promise<OutputOf<C>> =>
    gateway.request(contract, input, { principal: ADMIN, deadlineMs: 20_000 });
  const run = async (sql: string, values: unknown[], times = 8) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (let n = 0; n < times; n++) await client.query(sql, values);
    await client.end();
  };
  const suggestionOf = async (table: string): Promise<IndexSuggestion> => {
    const { suggestions } = await ask(listIndexSuggestions, {});
    const found = suggestions.find((one) => one.table === table);
    if (!found) throw new Error(`no suggestion for ${table}`);
    return found;
  };
  const becomes = (table: string, state: IndexSuggestion['state']) =>
    eventually(async () => {
      const suggestion = await suggestionOf(table);
      if (suggestion.state !== state) throw new Error(JSON.stringify(suggestion.timeline));
      return suggestion;
    }, slow);
  const indexesOf = async (table: string) =>
    (
      await query<{ name: string; valid: boolean }>(
        `select indexrelid::regclass::text as name, indisvalid as valid from pg_index where indrelid = '${table}'::regclass`,
      )
    ).map(({ name, valid }) => (valid ? name : `${name}: not valid`));
  const texts = ({ timeline }: IndexSuggestion) => timeline.map(({ text }) => text).join('\n');
  /** Keeps a concurrent build waiting until it ends: a transaction that has read an older state. */
  const holdSnapshot = async (table: string) => {
    const holder = new pg.Client({ connectionString: url });
    holder.on('error', () => undefined); // PostgreSQL is killed
    await holder.connect();
    await holder.query(
      `begin; update ${table} set id = id where false; insert into ${table} (id, ${table === 'lines' ? 'invoice_id' : 'partner_id'}) select null, 'x' where false`,
    );
    return holder;
  };

  it('are found by looking, and why a service says nothing is told', async () => {
    await run('select count(*) from invoices where partner_id = $1', ['par_7']);
    await run('select count(*) from lines where invoice_id = $1', ['inv_7']);
    const { looks, suggestions } = await ask(lookForIndexes, {});
    expect(suggestions.map(({ index, service, state }) => ({ index, service, state }))).toEqual(
      expect.arrayContaining(
        ['invoices_partner_id', 'lines_invoice_id'].map((name) => ({
          index: expect.stringContaining(name),
          service: 'billing',
          state: 'suggested',
        })),
      ),
    );
    expect(Object.fromEntries(looks.map(({ reason, service }) => [service, reason]))).toMatchObject({
      billing: null,
      support: expect.stringContaining('no instance of support could say'),
      healer: expect.stringContaining('may not use the schema extensions'),
    });
    // Nothing was built, and the healer's role may not read what it would have built on.
    expect(await indexesOf('invoices')).toEqual([]);
    await expect(postgres.query('select * from billing.invoices', [], healerUrl)).rejects.toThrow('denied');
  });

  it('are not built before they are approved, and a dismissal is remembered', async () => {
    const { id } = await suggestionOf('lines');
    expect(await ask(dismissIndex, { id, reason: 'a table of yesterday' })).toMatchObject({
      state: 'dismissed',
    });
    await ask(lookForIndexes, {});
    const dismissed = await suggestionOf('lines');
    expect(dismissed).toMatchObject({ id, state: 'dismissed' });
    expect(texts(dismissed)).toBe('Dismissed: a table of yesterday');
    await expect(ask(dismissIndex, { id, reason: 'again' })).rejects.toMatchObject({
      code: 'HEALER.SUGGESTION_DECIDED',
    });
    expect(await indexesOf('lines')).toEqual([]);
  });

  it('wait while PostgreSQL is paused, then are built while others write, and proven', async () => {
    const pause = await ask(createPause, { scope: 'server:postgres', reason: 'a backup', seconds: 600 });
    const { id } = await suggestionOf('invoices');
    expect(await ask(approveIndex, { id, reason: 'the list is slow' })).toMatchObject({ state: 'building' });
    await eventually(
      async () => expect(texts(await suggestionOf('invoices'))).toContain('Waits: paused'),
      slow,
    );
    expect(await indexesOf('invoices')).toEqual([]);
    await ask(removePause, { id: pause.id });
    const built = await becomes('invoices', 'built');
    expect(await indexesOf('invoices')).toEqual([built.index]);
    expect(built.result).toMatchObject({
      plan: { lines: expect.arrayContaining([expect.stringContaining(built.index)]) },
      before: { calls: 8, mean_ms: expect.any(Number) },
      after: null,
      scans: 0,
      unused: false,
    });
    expect(texts(built)).toMatch(
      /Approved: the list is slow\nWaits: .*\nBuild of .* begun by billing, concurrently\n.* is valid; the plan uses it: cost/s,
    );
    await expect(ask(dropIndex, { id, reason: 'no' })).rejects.toMatchObject({ code: 'HEALER.INDEX_IN_USE' });
    await expect(ask(approveIndex, { id, reason: 'no' })).rejects.toMatchObject({
      code: 'HEALER.SUGGESTION_DECIDED',
    });
  });

  it('show how long the statement takes since', async () => {
    await run('select count(*) from invoices where partner_id = $1', ['par_7'], 20);
    await ask(lookForIndexes, {});
    const { result } = await suggestionOf('invoices');
    expect(result?.after).toMatchObject({ calls: 20 });
    expect(result?.after?.mean_ms).toBeLessThan((result?.before.mean_ms ?? 0) / 3);
    await eventually(async () => expect((await suggestionOf('invoices')).result?.scans).toBe(20), slow);
  });

  it('are dropped when they were not used for a week', async () => {
    const { id, index } = await suggestionOf('invoices');
    await postgres.query(
      `update healer.healing_index_suggestions set built_at = now() - interval '8 days' where id = '${id}'`,
      [],
      admin,
    );
    await expect(ask(dropIndex, { id, reason: 'not used' })).rejects.toMatchObject({
      code: 'HEALER.INDEX_IN_USE',
    });
    await postgres.query('select pg_stat_reset()', [], admin);
    expect((await suggestionOf('invoices')).result?.unused).toBe(true);
    await ask(dropIndex, { id, reason: 'not used' });
    const dropped = await becomes('invoices', 'dropped');
    expect(texts(dropped)).toContain(`${index} is dropped`);
    expect(await indexesOf('invoices')).toEqual([]);
  });

  it('are gone on with after a kill -9 of the healer and of PostgreSQL: what is left is dropped and built anew', async () => {
    await healer?.stop();
    healer = undefined;
    const child = await spawnHealer(fixture, healerUrl);
    closing.push(async () => child.kill('SIGKILL'));
    const holder = await holdSnapshot('lines');
    const { id } = await suggestionOf('lines');
    // A dismissed one may be approved after all.
    await ask(approveIndex, { id, reason: 'it is in use after all' });
    const waiting = await eventually(async () => {
      const suggestion = await suggestionOf('lines');
      expect(suggestion.progress).not.toBeNull();
      expect(suggestion.timeline.at(-1)?.text).toContain('begun by billing');
      return suggestion;
    }, slow);
    await eventually(
      async () => expect(await indexesOf('lines')).toEqual([`${waiting.index}: not valid`]),
      slow,
    );
    child.kill('SIGKILL');
    await postgres.kill9();
    await holder.end().catch(() => undefined);
    await postgres.restart();
    expect(await indexesOf('lines')).toEqual([`${waiting.index}: not valid`]);
    const next = await spawnHealer(fixture, healerUrl);
    closing.push(async () => next.kill('SIGKILL'));
    const built = await becomes('lines', 'built');
    expect(texts(built)).toContain('left an index that is not valid; it is dropped');
    expect(texts(built)).toContain('try 2');
    expect(await indexesOf('lines')).toEqual([built.index]);
  }, 90_000);
});
