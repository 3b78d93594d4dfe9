import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The tables of every service's schema: events to publish, consumed events, responses stored under an
 * idempotency key.
 */
export class CreateMessagingTables1000000000001 implements MigrationInterface {
  name = 'CreateMessagingTables1000000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table outbox (
        id text primary key,
        -- The order in which rows are offered to the bus. Not a cursor: numbers become visible out of order.
        sequence bigint generated always as identity,
        subject text not null,
        -- The CloudEvent; json and not jsonb, so that it goes out byte by byte as it was written.
        event json not null,
        status text not null default 'pending' check (status in ('pending', 'published', 'confirmed')),
        -- Times it was published; from the second on under another deduplication id.
        publications integer not null default 0,
        -- Times the bus refused it since.
        attempts integer not null default 0,
        created_at timestamptz not null default now(),
        published_at timestamptz,
        confirmed_at timestamptz,
        -- Not to be touched by relay or sweeper before.
        due_at timestamptz not null default now()
      )`);
    await runner.query(`create index outbox_pending on outbox (sequence) where status = 'pending'`);
    await runner.query(`create index outbox_published on outbox (due_at) where status = 'published'`);
    await runner.query(`create index outbox_confirmed on outbox (confirmed_at) where status = 'confirmed'`);

    await runner.query(`
      create table inbox (
        consumer text not null,
        event_id text not null,
        taken_in_at timestamptz not null default now(),
        primary key (consumer, event_id)
      )`);
    await runner.query(`create index inbox_taken_in_at on inbox (taken_in_at)`);

    await runner.query(`
      create table idempotency_keys (
        scope text not null,
        key text not null,
        request_hash text not null,
        response json,
        created_at timestamptz not null default now(),
        primary key (scope, key)
      )`);
    await runner.query(`create index idempotency_keys_created_at on idempotency_keys (created_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table idempotency_keys, inbox, outbox`);
  }
}
