import { type AuditEntry, type Page, pageOf } from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

export interface AuditQuery extends ListPageQuery {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly object_id?: string | undefined;
  readonly query?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface AuditRow {
  /** Ids are read for the cursors. */
  readonly id: string;
  readonly entry: string;
  readonly previous_hash: string;
  readonly hash: string;
}

const COLUMNS = 'id, entry, previous_hash, hash';

/** Reads the audit log. */
@Injectable()
export class AuditRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. `chain`: undefined for all chains. */
  async page(
    chain: string | undefined,
    { actor, action, object_id, query: text, from, to, ...page }: AuditQuery,
  ): Promise<Page<AuditEntry>> {
    const source = {
      table: 'audit_entries',
      columns: COLUMNS,
      ...(chain !== undefined && { list: { chain } }),
      where: { actor_id: actor, action, object_id },
      since: { recorded_at: from },
      until: { recorded_at: to },
      search: { columns: ['entry'], text },
    };
    const rows = await this.database.read((manager) => readListPage<AuditRow>(manager, source, page));
    const { data, has_more } = pageOf(rows, page.limit, page.ending_before !== undefined);
    return { data: data.map(presentEntry), has_more };
  }

  /** Null for an entry that the chain does not have. */
  async find(chain: string, id: string): Promise<AuditEntry | null> {
    const [row] = await this.database.read((manager) =>
      manager.query<AuditRow[]>(`select ${COLUMNS} from audit_entries where id = $1 and chain = $2`, [
        id,
        chain,
      ]),
    );
    return row ? presentEntry(row) : null;
  }
}

function presentEntry({ entry, previous_hash, hash }: AuditRow): AuditEntry {
  return { object: 'audit_entry', ...JSON.parse(entry), previous_hash, hash };
}
