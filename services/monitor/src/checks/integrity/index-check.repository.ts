import { Database, type DatabaseSession } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

/** An index whose turn it is. */
export interface DueIndex {
  readonly oid: string;
  /** `billing.invoices_pkey on billing.invoices` */
  readonly name: string;
}

/** What is known of all indexes. */
export interface IntegrityFigures {
  readonly damaged: readonly { readonly name: string; readonly damage: string }[];
  /** Names of indexes that are too large for the time that a check may take. */
  readonly unfinished: readonly string[];
}

/** Catalogs too: damage there is damage everywhere. Temporary and unlogged indexes hold nothing that must last. */
const INDEXES = `
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
    left join index_checks k on k.index_oid = c.oid
  where m.amname = 'btree' and c.relkind = 'i' and c.relpersistence = 'p' and i.indisvalid and i.indisready`;
const NAME = `i.indexrelid::regclass::text || ' on ' || i.indrelid::regclass::text`;

/** The table `index_checks`: what was checked when, also by an earlier process. */
@Injectable()
export class IndexCheckRepository {
  constructor(private readonly database: Database) {}

  /** The schema of `amcheck` where this role may have indexes checked; null where it may not. */
  async amcheckSchema(client: DatabaseSession): Promise<string | null> {
    const { rows } = await client.query<{ schema: string }>(
      `select quote_ident(p.pronamespace::regnamespace::text) as schema from pg_extension e
       join pg_depend d on d.refobjid = e.oid and d.refclassid = 'pg_extension'::regclass and d.classid = 'pg_proc'::regclass
       join pg_proc p on p.oid = d.objid
       where e.extname = 'amcheck' and p.proname = 'bt_index_check' and p.proargtypes = '2205 16'::oidvector
         and has_schema_privilege(p.pronamespace, 'usage') and has_function_privilege(p.oid, 'execute')`,
    );
    return rows[0]?.schema ?? null;
  }

  /**
   * Indexes whose last check is older than `olderThanMs`, the oldest first, and before them those that are damaged. `all`
   * false: only these.
   */
  async due(
    client: DatabaseSession,
    { all, olderThanMs }: { all: boolean; olderThanMs: number },
  ): Promise<DueIndex[]> {
    const { rows } = await client.query<DueIndex & Record<string, unknown>>(
      `select c.oid::text as oid, ${NAME} as name ${INDEXES}
         and (k.damage is not null
           or $1 and (k.checked_at is null or k.checked_at < now() - $2 * interval '1 millisecond'))
       order by k.damage is null, k.checked_at nulls first limit 200`,
      [all, olderThanMs],
    );
    return rows;
  }

  async keep(oid: string, damage: string | null, isUnfinished = false): Promise<void> {
    await this.database.transaction(({ manager }) =>
      manager.query(
        `insert into index_checks (index_oid, checked_at, damage, is_unfinished) values ($1, now(), $2, $3)
         on conflict (index_oid) do update set checked_at = now(), damage = excluded.damage, is_unfinished = excluded.is_unfinished`,
        [oid, damage, isUnfinished],
      ),
    );
  }

  /** Of indexes that are there: one that was dropped, or rebuilt under another number, is forgotten. */
  async figures(client: DatabaseSession): Promise<IntegrityFigures> {
    await client.query(
      'delete from index_checks k where not exists (select from pg_class c where c.oid = k.index_oid)',
    );
    const { rows } = await client.query<{ name: string; damage: string | null }>(
      `select ${NAME} as name, k.damage ${INDEXES} and (k.damage is not null or k.is_unfinished) order by k.checked_at`,
    );
    return {
      damaged: rows.flatMap(({ damage, name }) => (damage === null ? [] : [{ name, damage }])),
      unfinished: rows.filter(({ damage }) => damage === null).map(({ name }) => name),
    };
  }
}
