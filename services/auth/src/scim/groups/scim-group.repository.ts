import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { filterSql, type SearchColumns } from '../documents/filter-sql.ts';
import type { Filter } from '../documents/parse-filter.ts';
import type { FilledGroup, GroupRow, ScimGroup } from './scim-group.ts';

const MEMBERS_SQL = `coalesce(
  (select json_agg(gm.scim_user_id order by gm.scim_user_id) from scim_group_members gm where gm.group_id = g.id), '[]')`;
const ROWS_SQL = `
  select g.*, r.name as role_name,
    (select count(*)::int from scim_group_members gm where gm.group_id = g.id) as people
  from scim_groups g left join roles r on r.id = g.role_id`;
const HAS_MEMBER =
  '(exists (select 1 from scim_group_members gm where gm.group_id = g.id and gm.scim_user_id = ?))';

/** What groups are searched by. */
const COLUMNS: SearchColumns = {
  id: { type: 'text', sql: 'g.id', exact: true },
  displayname: { type: 'text', sql: 'g.display_name' },
  externalid: { type: 'text', sql: 'g.external_id', exact: true },
  members: { type: 'set', has: HAS_MEMBER },
  'members.value': { type: 'set', has: HAS_MEMBER },
  'meta.created': { type: 'time', sql: 'g.created_at' },
  'meta.lastmodified': { type: 'time', sql: 'g.updated_at' },
};

/** The groups of directories. The partner is part of every condition. */
@Injectable()
export class ScimGroupRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first; `offset` from 0 on. */
  async search(
    partnerId: string,
    { filter, offset, limit }: { filter: Filter | null; offset: number; limit: number },
  ): Promise<{ total: number; rows: FilledGroup[] }> {
    const values: unknown[] = [partnerId];
    const where = `where g.partner_id = $1 and ${filter ? filterSql(filter, COLUMNS, values) : 'true'}`;
    return this.database.read(async (manager) => {
      const [{ total }] = await manager.query<[{ total: number }]>(
        `select count(*)::int as total from scim_groups g ${where}`,
        values,
      );
      if (limit === 0 || offset >= total) return { total, rows: [] };
      const page = [...values, limit, offset];
      const rows = await manager.query<FilledGroup[]>(
        `select g.*, ${MEMBERS_SQL} as members from scim_groups g ${where}
         order by g.id limit $${page.length - 1} offset $${page.length}`,
        page,
      );
      return { total, rows };
    });
  }

  async find(partnerId: string, id: string): Promise<FilledGroup | null> {
    const [row] = await this.database.read<FilledGroup[]>((manager) =>
      manager.query(
        `select g.*, ${MEMBERS_SQL} as members from scim_groups g where g.id = $1 and g.partner_id = $2`,
        [id, partnerId],
      ),
    );
    return row ?? null;
  }

  /** For the console, by name, at most 500. */
  rows(partnerId: string): Promise<GroupRow[]> {
    return this.database.read((manager) =>
      manager.query(`${ROWS_SQL} where g.partner_id = $1 order by lower(g.display_name) limit 500`, [
        partnerId,
      ]),
    );
  }

  async row(tx: Transaction, id: string): Promise<GroupRow> {
    const [row] = await tx.manager.query<[GroupRow]>(`${ROWS_SQL} where g.id = $1`, [id]);
    return row;
  }

  /** Locks a group until the transaction ends. Null when the partner has no such group. */
  async hold(tx: Transaction, partnerId: string, id: string): Promise<FilledGroup | null> {
    await tx.manager.query('select 1 from scim_groups where id = $1 and partner_id = $2 for update', [
      id,
      partnerId,
    ]);
    const [row] = await tx.manager.query<FilledGroup[]>(
      `select g.*, ${MEMBERS_SQL} as members from scim_groups g where g.id = $1 and g.partner_id = $2`,
      [id, partnerId],
    );
    return row ?? null;
  }

  /** Returns false and stores nothing when the partner has a group of this name. */
  async insertUnlessTaken(tx: Transaction, row: ScimGroup): Promise<boolean> {
    const rows = await tx.manager.query<unknown[]>(
      `insert into scim_groups (id, partner_id, display_name, external_id, role, role_id, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $7)
       on conflict (partner_id, lower(display_name)) do nothing returning id`,
      [row.id, row.partner_id, row.display_name, row.external_id, row.role, row.role_id, row.created_at],
    );
    return rows.length === 1;
  }

  async isNameTaken(tx: Transaction, partnerId: string, name: string, except: string): Promise<boolean> {
    const rows = await tx.manager.query<unknown[]>(
      'select 1 from scim_groups where partner_id = $1 and lower(display_name) = lower($2) and id <> $3',
      [partnerId, name, except],
    );
    return rows.length > 0;
  }

  async update(
    tx: Transaction,
    id: string,
    { display_name, external_id }: Pick<ScimGroup, 'display_name' | 'external_id'>,
    at: Date,
  ): Promise<void> {
    await tx.manager.query(
      'update scim_groups set display_name = $2, external_id = $3, updated_at = $4 where id = $1',
      [id, display_name, external_id, at],
    );
  }

  async map(
    tx: Transaction,
    id: string,
    { role, role_id }: Pick<ScimGroup, 'role' | 'role_id'>,
  ): Promise<void> {
    await tx.manager.query('update scim_groups set role = $2, role_id = $3 where id = $1', [
      id,
      role,
      role_id,
    ]);
  }

  async addMembers(tx: Transaction, group: ScimGroup, ids: readonly string[]): Promise<void> {
    await tx.manager.query(
      `insert into scim_group_members (group_id, scim_user_id, partner_id)
       select $1, id, $2 from unnest($3::text[]) as given (id) on conflict do nothing`,
      [group.id, group.partner_id, ids],
    );
  }

  async removeMembers(tx: Transaction, groupId: string, ids: readonly string[]): Promise<void> {
    await tx.manager.query('delete from scim_group_members where group_id = $1 and scim_user_id = any($2)', [
      groupId,
      ids,
    ]);
  }

  async delete(tx: Transaction, id: string): Promise<void> {
    await tx.manager.query('delete from scim_groups where id = $1', [id]);
  }

  /** The role that a group gives by its name: a fixed one but owner, or one of the partner's own. */
  async roleNamed(
    tx: Transaction,
    partnerId: string,
    name: string,
  ): Promise<Pick<ScimGroup, 'role' | 'role_id'>> {
    const fixed = FIXED.find((one) => one === name.toLowerCase());
    if (fixed) return { role: fixed, role_id: null };
    const [own] = await tx.manager.query<{ id: string }[]>(
      'select id from roles where partner_id = $1 and lower(name) = lower($2) for share',
      [partnerId, name],
    );
    return own ? { role: 'custom', role_id: own.id } : { role: null, role_id: null };
  }
}

const FIXED = ['admin', 'developer', 'billing', 'support', 'viewer'] as const;
