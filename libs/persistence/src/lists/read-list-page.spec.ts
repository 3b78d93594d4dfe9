import { setTimeout as sleep } from 'node:timers/promises';
import { newId, pageOf } from '@gridworks/contracts';
import { type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openDatabase } from '../../test/open-database.ts';
import type { Database } from '../database/database.ts';
import type { TransactionOptions } from '../database/transaction.ts';
import { LIBRARY_MIGRATIONS } from '../migrations/library-migrations.ts';
import { dropListOrder, keepListOrder } from './keep-list-order.ts';
import { type ListPageQuery, readListPage } from './read-list-page.ts';

const OLD_IDS = [1, 2, 3].map((hours) => newId('ticket', Date.now() - (4 - hours) * 3_600_000));

class CreateNotes1000000000010 implements MigrationInterface {
  name = 'CreateNotes1000000000010';
  async up(runner: QueryRunner) {
    await runner.query(
      `create table notes (id text collate "C" primary key, owner text not null, state text not null default 'new')`,
    );
    await runner.query('create index notes_owner_idx on notes (owner, id)');
    await runner.query(`insert into notes select unnest($1::text[]), 'first'`, [OLD_IDS]);
    await keepListOrder(runner, { table: 'notes', by: 'owner' });
  }
  async down(runner: QueryRunner) {
    await dropListOrder(runner, { table: 'notes' });
  }
}

describe('a list in the order of its commits', () => {
  let server: PostgresServer;
  let url: string;
  let database: Database;
  let owner: string;
  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createServiceDatabase('support');
    database = await openDatabase({
      url,
      poolSize: 20,
      migrations: [...LIBRARY_MIGRATIONS, CreateNotes1000000000010],
    });
  });
  beforeEach(() => {
    owner = newId('partner');
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  const page = async (query: Partial<ListPageQuery> = {}, state?: string, since?: { id: string }) => {
    const whole = { limit: 100, ...query };
    const rows = await database.read((manager) =>
      readListPage<{ id: string }>(
        manager,
        { table: 'notes', columns: 'id', list: { owner }, where: { state }, ...(since ? { since } : {}) },
        whole,
      ),
    );
    const { data, has_more } = pageOf(rows, whole.limit, whole.ending_before !== undefined);
    return { ids: data.map(({ id }) => id), more: has_more };
  };
  /** Inserts a row, and commits when `hold` ends. */
  const insert = async (
    id = newId('ticket'),
    hold?: Promise<unknown>,
    { onInserted, ...options }: TransactionOptions & { onInserted?: () => void } = {},
  ) => {
    await database.transaction(async (tx) => {
      await tx.manager.query('insert into notes (id, owner) values ($1, $2)', [id, owner]);
      onInserted?.();
      await hold;
    }, options);
    return id;
  };

  it('shows a follower every row once, while 16 writers commit late and in any order', async () => {
    const start = await insert();
    const seen: string[] = [];
    const made: string[] = [];
    let writing = true;
    const follow = async () => {
      let last = start;
      for (;;) {
        const isLast = !writing;
        const { ids, more } = await page({ limit: 5, ending_before: last });
        seen.push(...ids.toReversed());
        last = ids[0] ?? last;
        if (isLast && ids.length === 0) return;
        expect(more ? ids.length : 5).toBe(5);
      }
    };
    const write = async (writer: number) => {
      for (let i = 0; i < 20; i++) {
        // The id is older than the transaction, and the transaction takes some time: as in a busy service.
        const id = newId('ticket');
        made.push(await insert(id, sleep(((writer * 7 + i * 13) % 9) * 4)));
        // A caller finds his own new row in his next list.
        expect((await page({ limit: 100 })).ids).toContain(id);
      }
    };
    const followed = follow();
    await Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)));
    writing = false;
    await followed;
    expect(made).toHaveLength(320);
    expect(seen).toHaveLength(320);
    expect(new Set(seen)).toEqual(new Set(made));
    // Both directions have the same order.
    const down: string[] = [];
    for (let cursor: string | undefined; ; cursor = down.at(-1)) {
      const { ids, more } = await page({ limit: 50, starting_after: cursor });
      down.push(...ids);
      if (!more) break;
    }
    expect(down).toEqual([...seen.toReversed(), start]);
  }, 30_000);

  it('puts a row that was inserted first and committed last above the rows that were visible before', async () => {
    for (const isolation of ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'] as const) {
      const late = Promise.withResolvers<void>();
      const inserted = Promise.withResolvers<void>();
      const slow = insert(undefined, late.promise, { isolation, onInserted: inserted.resolve });
      await inserted.promise;
      const fast = await insert();
      const { ids } = await page({ limit: 1 });
      expect(ids).toEqual([fast]);
      late.resolve();
      const id = await slow;
      expect(await page({ ending_before: fast })).toEqual({ ids: [id], more: false });
    }
  });

  it('keeps the first number of a row when no other transaction was faster', async () => {
    const positionOf = async (id: string) =>
      (await server.query<{ n: string }>('select list_position as n from notes where id = $1', [id], url))[0]
        ?.n;
    const taken = async () =>
      (await server.query<{ n: string }>('select last_value as n from notes_list_position_seq', [], url))[0]
        ?.n;
    const id = await insert();
    expect(await positionOf(id)).toBe(await taken());
    const before = Number(await taken());
    await insert();
    expect(Number(await taken())).toBe(before + 1);
  });

  it('keeps the order of rows that one transaction inserts', async () => {
    const ids = Array.from({ length: 5 }, () => newId('ticket'));
    await database.transaction((tx) =>
      tx.manager.query('insert into notes (id, owner) select unnest($1::text[]), $2', [ids, owner]),
    );
    expect((await page()).ids).toEqual(ids.toReversed());
  });

  it('makes no transaction wait for a slow one in the same list', async () => {
    const late = Promise.withResolvers<void>();
    const slow = insert(undefined, late.promise);
    const fast = await insert();
    expect((await page()).ids).toEqual([fast]);
    late.resolve();
    await slow;
  });

  it('gives existing rows the order of their ids', async () => {
    owner = 'first';
    expect((await page()).ids).toEqual(OLD_IDS.toReversed());
    const id = await insert();
    expect(await page({ ending_before: OLD_IDS[2] })).toEqual({ ids: [id], more: false });
  });

  it('starts at the least value of a column', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      ids.push(await insert());
      await sleep(2); // ids of one millisecond have no order
    }
    const [, second, third] = ids as [string, string, string];
    expect(await page({}, undefined, { id: second })).toEqual({ ids: [third, second], more: false });
    expect(await page({ starting_after: third }, undefined, { id: second })).toEqual({
      ids: [second],
      more: false,
    });
  });

  it('treats a cursor that is not in the list as a position, wherever else its row is', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) {
      ids.push(await insert());
      await sleep(2); // ids of one millisecond have no order
    }
    const [oldest, , third] = ids as [string, string, string, string];
    await server.query('delete from notes where id = $1', [third], url);
    expect(await page({ ending_before: third })).toEqual({ ids: [ids[3]], more: false });
    expect(await page({ starting_after: third })).toEqual({ ids: [ids[1], ids[0]], more: false });
    const before = newId('ticket', 1000);
    const after = newId('ticket', Date.now() + 60_000);
    expect(await page({ ending_before: before })).toEqual({ ids: [ids[3], ids[1], ids[0]], more: false });
    expect(await page({ starting_after: before })).toEqual({ ids: [], more: false });
    expect(await page({ starting_after: after })).toEqual({ ids: [ids[3], ids[1], ids[0]], more: false });
    expect(await page({ ending_before: after })).toEqual({ ids: [], more: false });

    // A row of another list is treated like one that does not exist.
    const mine = owner;
    owner = newId('partner');
    const foreign = await insert();
    owner = mine;
    expect(await page({ ending_before: foreign })).toEqual({ ids: [], more: false });
    expect(await page({ ending_before: oldest }, 'new')).toEqual({ ids: [ids[3], ids[1]], more: false });
    expect(await page({ ending_before: oldest }, 'old')).toEqual({ ids: [], more: false });
  });

  it('reads a page by the index, whatever else the table contains', async () => {
    await server.query(
      `insert into notes (id, owner) select 'tic_' || lpad(n::text, 22, '0'), 'owner' || n % 10 from generate_series(1, 20000) n`,
      [],
      url,
    );
    await server.query('analyze notes', [], url);
    const [{ id: cursor }] = (await server.query(
      `select id from notes where owner = 'owner3' order by list_position offset 1000 limit 1`,
      [],
      url,
    )) as [{ id: string }];
    const plans: string[] = [];
    const explain = async (query: ListPageQuery) => {
      const manager = {
        query: async (sql: string, values: unknown[]) => {
          const rows = await server.query<{ 'QUERY PLAN': string }>(
            `explain (analyze, buffers) ${sql}`,
            values,
            url,
          );
          plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
          return [];
        },
      };
      await readListPage(
        manager as never,
        { table: 'notes', columns: '*', list: { owner: 'owner3' } },
        query,
      );
    };
    await explain({ limit: 10 });
    await explain({ limit: 10, starting_after: cursor });
    await explain({ limit: 10, ending_before: cursor });
    for (const plan of plans) {
      expect(plan).toMatch(/Index Scan.* using notes_list_idx/);
      expect(plan).not.toMatch(/Seq Scan|Sort|Bitmap/);
      const [, rows] = /Limit .*actual .*rows=(\d+)/.exec(plan) ?? [];
      expect(Number(rows)).toBe(11);
    }
  });
});
