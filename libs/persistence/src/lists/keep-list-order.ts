import pg from 'pg';
import type { QueryRunner } from 'typeorm';

export interface ListedTable {
  /** A table with a text primary key `id`, collation "C", whose ids sort by age. */
  readonly table: string;
  /**
   * The column whose value names the list of a row, for instance `partner_id`. Default: all rows are one
   * list.
   */
  readonly by?: string;
}

/**
 * For a migration: gives a table an order that cursors can follow, `list_position`. The order is fixed at
 * COMMIT: a reader that has seen a row will never find a new row below it, however many transactions insert
 * at the same time and however long they take. Existing rows get their positions by their ids. Two
 * transactions that insert into the same list wait for each other only during COMMIT. Read with
 * `readListPage`.
 */
export async function keepListOrder(runner: QueryRunner, { table, by }: ListedTable): Promise<void> {
  const name = pg.escapeIdentifier(table);
  const sequence = pg.escapeIdentifier(`${table}_list_position_seq`);
  const list = by === undefined ? '' : pg.escapeIdentifier(by);
  await runner.query(`alter table ${name} add column list_position bigint`);
  await runner.query(`
    update ${name} set list_position = by_age.n
    from (select id, row_number() over (order by id) as n from ${name}) by_age where by_age.id = ${name}.id`);
  await runner.query(`create sequence ${sequence} owned by ${name}.list_position`);
  await runner.query(`select setval($1, (select coalesce(max(list_position), 0) + 1 from ${name}), false)`, [
    sequence,
  ]);
  await runner.query(`
    alter table ${name}
      alter column list_position set default nextval('${sequence}'),
      alter column list_position set not null`);
  await runner.query(
    `create unique index ${pg.escapeIdentifier(`${table}_list_idx`)} on ${name} (${list === '' ? '' : `${list}, `}list_position)`,
  );
  await runner.query(`
    create constraint trigger ${pg.escapeIdentifier(`${table}_list_order`)} after insert on ${name}
    deferrable initially deferred for each row execute function keep_list_order(${list === '' ? '' : pg.escapeLiteral(by as string)})`);
}

/** For the `down` of a migration: undoes `keepListOrder`. */
export async function dropListOrder(runner: QueryRunner, { table }: ListedTable): Promise<void> {
  const name = pg.escapeIdentifier(table);
  await runner.query(`drop trigger ${pg.escapeIdentifier(`${table}_list_order`)} on ${name}`);
  await runner.query(`alter table ${name} drop column list_position`);
}
