import { type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { countRows, openDatabase } from '../test/open-database.ts';
import type { Database } from './database/database.ts';
import { deleteExpired } from './delete-expired.ts';

let server: PostgresServer;
let url: string;
let database: Database;
beforeAll(async () => {
  server = await startPostgres();
  url = await server.createServiceDatabase('support');
  database = await openDatabase({ url });
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

it('deletes expired rows and nothing else, in several batches where there are many', async () => {
  await server.query(
    `insert into outbox (id, subject, event, status, confirmed_at, created_at) values
       ('old confirmed', 's', '{}', 'confirmed', now() - interval '8 days', now() - interval '8 days'),
       ('new confirmed', 's', '{}', 'confirmed', now() - interval '6 days', now() - interval '8 days'),
       ('old published', 's', '{}', 'published', null, now() - interval '90 days'),
       ('old pending', 's', '{}', 'pending', null, now() - interval '90 days');
     insert into inbox select 'support_a', 'evt_' || n, now() - interval '31 days' from generate_series(1, 6000) n;
     insert into inbox values ('support_a', 'kept', now() - interval '29 days');
     insert into idempotency_keys (scope, key, request_hash, created_at) values
       ('s', 'old', 'h', now() - interval '49 hours'), ('s', 'kept', 'h', now() - interval '25 hours');`,
    [],
    url,
  );
  expect(await deleteExpired(database)).toBe(1 + 6000 + 1);
  const left = await server.query<{ id: string }>('select id from outbox order by id', [], url);
  expect(left.map((row) => row.id)).toEqual(['new confirmed', 'old pending', 'old published']);
  expect(await countRows(server, url, 'inbox')).toBe(1);
  expect(await server.query('select key from idempotency_keys', [], url)).toEqual([{ key: 'kept' }]);
});

it('deletes expired rows of the tables that a service names', async () => {
  await server.query(
    `create table tokens (id text primary key, expires_at timestamptz not null);
     insert into tokens values ('old', now() - interval '1 second'), ('new', now() + interval '1 hour')`,
    [],
    url,
  );
  expect(await deleteExpired(database, [{ table: 'tokens', condition: 'expires_at < now()' }])).toBe(1);
  expect(await server.query('select id from tokens', [], url)).toEqual([{ id: 'new' }]);
});
