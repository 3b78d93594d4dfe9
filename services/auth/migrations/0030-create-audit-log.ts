import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** `entry` is the text that was hashed; the columns to search by are derived from it, so they cannot say anything else. */
const DERIVED = {
  action: `entry::jsonb ->> 'action'`,
  actor_id: `entry::jsonb -> 'actor' ->> 'id'`,
  object_id: `entry::jsonb ->> 'object_id'`,
};

/**
 * The audit log: one chain of entries for each partner, and one for the platform. Entries are only ever inserted: the
 * role has no right to change or delete them, and triggers refuse both to everybody. Whole months are dropped as
 * partitions; the chain then keeps the hash of the last entry that went, its anchor.
 */
export class CreateAuditLog1796860800000 implements Migration {
  readonly name = 'CreateAuditLog1796860800000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table audit_chains (
        id text collate "C" primary key,
        sequence bigint not null default 0,
        hash text not null default repeat('0', 64),
        recorded_at timestamptz,
        anchor_sequence bigint not null default 0,
        anchor_hash text not null default repeat('0', 64),
        published_sequence bigint not null default 0,
        published_anchor bigint not null default 0
      )`);
    await runner.query(
      `create index audit_chains_unpublished_idx on audit_chains (id)
       where published_sequence < sequence or published_anchor < anchor_sequence`,
    );
    await runner.query('create sequence audit_entries_list_position_seq');
    await runner.query(`
      create table audit_entries (
        chain text collate "C" not null,
        sequence bigint not null,
        id text collate "C" not null,
        recorded_at timestamptz not null,
        entry text not null,
        previous_hash text not null,
        hash text not null,
        list_position bigint not null,
        ${Object.entries(DERIVED)
          .map(([name, sql]) => `${name} text collate "C" generated always as (${sql}) stored`)
          .join(',\n        ')},
        primary key (chain, sequence, recorded_at)
      ) partition by range (recorded_at)`);
    await runner.query('create index audit_entries_list_idx on audit_entries (list_position)');
    await runner.query('create index audit_entries_chain_idx on audit_entries (chain, list_position)');
    await runner.query('create index audit_entries_id_idx on audit_entries (id)');
    await runner.query('create index audit_entries_actor_idx on audit_entries (actor_id, list_position)');
    await runner.query('create index audit_entries_object_idx on audit_entries (object_id, list_position)');
    await this.#protect(runner);
    await this.#partitions(runner);
  }

  /** The order of the list is that of the commits: the lock is held until the entry is visible. */
  async #protect(runner: Runner): Promise<void> {
    await runner.query(`
      create function order_audit_entry() returns trigger language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(hashtext('audit_entries'));
        new.list_position := nextval('audit_entries_list_position_seq');
        return new;
      end $$`);
    await runner.query(`
      create trigger audit_entries_order before insert on audit_entries
      for each row execute function order_audit_entry()`);
    await runner.query(`
      create function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        raise exception 'the audit log is append-only: % on % is refused', tg_op, tg_table_name
          using errcode = 'insufficient_privilege';
      end $$`);
    await runner.query(`
      create trigger audit_entries_keep before update or delete on audit_entries
      for each row execute function refuse_audit_change()`);
    await runner.query(`
      create trigger audit_entries_keep_all before truncate on audit_entries
      for each statement execute function refuse_audit_change()`);
    await runner.query('revoke update, delete, truncate on audit_entries from current_user');
  }

  async #partitions(runner: Runner): Promise<void> {
    await runner.query(`
      create function make_audit_partition(month date) returns void language plpgsql as $$
      declare
        part text := 'audit_entries_' || to_char(month, 'YYYYMM');
      begin
        perform pg_advisory_xact_lock(hashtext('audit_entries partitions'));
        if to_regclass(part) is not null then return; end if;
        execute format('create table %I partition of audit_entries for values from (%L) to (%L)', part,
                       month::timestamp at time zone 'UTC',
                       (month + interval '1 month')::timestamp at time zone 'UTC');
        execute format('create trigger %I before truncate on %I for each statement execute function refuse_audit_change()',
                       part || '_keep_all', part);
        execute format('revoke update, delete, truncate on %I from current_user', part);
      end $$`);
    await runner.query(`
      create function drop_audit_partition(part text) returns void language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(hashtext('audit_entries partitions'));
        execute format('
          update audit_chains c set anchor_sequence = e.sequence, anchor_hash = e.hash
          from (select distinct on (chain) chain, sequence, hash from %I order by chain, sequence desc) e
          where c.id = e.chain and c.anchor_sequence < e.sequence', part);
        execute format('drop table %I', part);
      end $$`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table audit_entries');
    await runner.query('drop table audit_chains');
    await runner.query('drop sequence audit_entries_list_position_seq');
    for (const name of ['order_audit_entry()', 'refuse_audit_change()'])
      await runner.query(`drop function ${name}`);
    await runner.query('drop function make_audit_partition(date)');
    await runner.query('drop function drop_audit_partition(text)');
  }
}
