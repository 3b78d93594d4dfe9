import type { IndexSuggestion } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { SuggestionRow } from './suggestion-row.ts';

/** What PostgreSQL itself says about an index now. */
export interface IndexFacts {
  readonly state: 'absent' | 'invalid' | 'valid';
  /** A session of the service builds or drops it. */
  readonly is_at_work: boolean;
  readonly progress: IndexSuggestion['progress'];
}

const FACTS = `
  select case when i.indexrelid is null then 'absent' when i.indisvalid and i.indisready then 'valid' else 'invalid' end as state,
    exists (select from pg_stat_activity a where a.usename = $1 and a.application_name like '%:index:migrations'
      and a.state = 'active' and position($2 in a.query) > 0) as is_at_work,
    case when p.pid is not null then jsonb_build_object('phase', p.phase, 'share',
      case when p.blocks_total > 0 then round(p.blocks_done::numeric / p.blocks_total, 3)
        when p.tuples_total > 0 then round(p.tuples_done::numeric / p.tuples_total, 3) end) end as progress
  from (select 1) one
    left join pg_class c on c.relnamespace = to_regnamespace(quote_ident($1)) and c.relname = $2
    left join pg_index i on i.indexrelid = c.oid
    left join pg_stat_progress_create_index p on p.index_relid = c.oid`;

/** PostgreSQL's own views of the indexes in the schemas of the services; the healer may read these, and no row of a service. */
@Injectable()
export class IndexFactsRepository {
  constructor(private readonly database: Database) {}

  async read({ index_name, service }: Pick<SuggestionRow, 'index_name' | 'service'>): Promise<IndexFacts> {
    const [facts] = await this.database.read((manager) =>
      manager.query<IndexFacts[]>(FACTS, [service, index_name]),
    );
    return facts as IndexFacts;
  }

  /** How often the indexes of these suggestions were used so far, by the ids of the suggestions. */
  scans(rows: readonly SuggestionRow[]): Promise<Map<string, number>> {
    return this.database.read((manager) => this.scansWith(manager, rows));
  }

  async scansWith(
    manager: Transaction['manager'],
    rows: readonly SuggestionRow[],
  ): Promise<Map<string, number>> {
    const found = await manager.query<{ id: string; scans: number }[]>(
      `select n.id, s.idx_scan::float8 as scans from unnest($1::text[], $2::text[], $3::text[]) as n (id, service, index_name)
       join pg_stat_all_indexes s on s.schemaname = n.service and s.indexrelname = n.index_name`,
      [
        rows.map(({ id }) => id),
        rows.map(({ service }) => service),
        rows.map(({ index_name }) => index_name),
      ],
    );
    return new Map(found.map(({ id, scans }) => [id, scans]));
  }
}
