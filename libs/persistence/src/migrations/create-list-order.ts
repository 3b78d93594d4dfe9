import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The trigger function of `keepListOrder`. It runs at COMMIT, under a lock of the list, which PostgreSQL
 * releases only after the transaction has become visible: a reader that sees a row sees every earlier row of
 * the list.
 */
export class CreateListOrder1000000000003 implements MigrationInterface {
  name = 'CreateListOrder1000000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function keep_list_order() returns trigger language plpgsql as $$
      declare
        list text := '';
        condition text := '';
        is_passed boolean := true;
      begin
        if tg_nargs = 1 then
          execute format('select ($1).%I::text', tg_argv[0]) into list using new;
          condition := format('%I = $1 and', tg_argv[0]);
        end if;
        perform pg_advisory_xact_lock(hashtextextended(list, tg_relid::bigint));
        -- A number taken at the insert is kept when nothing that is visible stands above it. A transaction with one
        -- snapshot cannot know that, so it takes a new number always.
        if current_setting('transaction_isolation') = 'read committed' then
          execute format('select exists (select from %I.%I where %s list_position > $2)',
                         tg_table_schema, tg_table_name, condition)
            into is_passed using list, new.list_position;
        end if;
        if is_passed then
          execute format('update %I.%I set list_position = default where id = $1', tg_table_schema, tg_table_name)
            using new.id;
        end if;
        return null;
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function keep_list_order()');
  }
}
