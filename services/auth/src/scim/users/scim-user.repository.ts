import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { filterSql, type SearchColumns } from '../documents/filter-sql.ts';
import type { Filter } from '../documents/parse-filter.ts';
import type { ScimUser, UserFields } from './scim-user.ts';

const USERS_SQL = `
  select s.*, u.email,
    exists (select 1 from memberships m where m.user_id = s.user_id and m.partner_id = s.partner_id) as active,
    coalesce((select json_agg(json_build_object('id', g.id, 'display_name', g.display_name) order by g.id)
       from scim_group_members gm join scim_groups g on g.id = gm.group_id
       where gm.scim_user_id = s.id), '[]') as groups
  from scim_users s join users u on u.id = s.user_id`;

/** What users are searched by. */
const COLUMNS: SearchColumns = {
  id: { type: 'text', sql: 's.id', exact: true },
  username: { type: 'text', sql: 's.user_name' },
  externalid: { type: 'text', sql: 's.external_id', exact: true },
  displayname: { type: 'text', sql: 's.display_name' },
  'name.givenname': { type: 'text', sql: 's.given_name' },
  'name.familyname': { type: 'text', sql: 's.family_name' },
  emails: { type: 'text', sql: 'u.email' },
  'emails.value': { type: 'text', sql: 'u.email' },
  'emails.type': { type: 'text', sql: `'work'::text` },
  'emails.primary': { type: 'boolean', sql: 'true' },
  active: {
    type: 'boolean',
    sql: 'exists (select 1 from memberships m where m.user_id = s.user_id and m.partner_id = s.partner_id)',
  },
  groups: { type: 'set', has: hasGroup() },
  'groups.value': { type: 'set', has: hasGroup() },
  'meta.created': { type: 'time', sql: 's.created_at' },
  'meta.lastmodified': { type: 'time', sql: 's.updated_at' },
};

function hasGroup(): string {
  return '(exists (select 1 from scim_group_members gm where gm.scim_user_id = s.id and gm.group_id = ?))';
}

/** The users that directories have provisioned. The partner is part of every condition. */
@Injectable()
export class ScimUserRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first; `offset` from 0 on. */
  async search(
    partnerId: string,
    { filter, offset, limit }: { filter: Filter | null; offset: number; limit: number },
  ): Promise<{ total: number; rows: ScimUser[] }> {
    const values: unknown[] = [partnerId];
    const condition = filter ? filterSql(filter, COLUMNS, values) : 'true';
    const where = `where s.partner_id = $1 and ${condition}`;
    return this.database.read(async (manager) => {
      const [{ total }] = await manager.query<[{ total: number }]>(
        `select count(*)::int as total from scim_users s join users u on u.id = s.user_id ${where}`,
        values,
      );
      if (limit === 0 || offset >= total) return { total, rows: [] };
      const page = [...values, limit, offset];
      const rows = await manager.query<ScimUser[]>(
        `${USERS_SQL} ${where} order by s.id limit $${page.length - 1} offset $${page.length}`,
        page,
      );
      return { total, rows };
    });
  }

  async find(partnerId: string, id: string): Promise<ScimUser | null> {
    const [row] = await this.database.read<ScimUser[]>((manager) =>
      manager.query(`${USERS_SQL} where s.id = $1 and s.partner_id = $2`, [id, partnerId]),
    );
    return row ?? null;
  }

  /** The user as the transaction sees it, locked until the transaction ends. Null when the partner has no such user. */
  async hold(tx: Transaction, partnerId: string, id: string): Promise<ScimUser | null> {
    await tx.manager.query('select 1 from scim_users where id = $1 and partner_id = $2 for update', [
      id,
      partnerId,
    ]);
    const [row] = await tx.manager.query<ScimUser[]>(`${USERS_SQL} where s.id = $1 and s.partner_id = $2`, [
      id,
      partnerId,
    ]);
    return row ?? null;
  }

  /** Returns false and stores nothing when the partner has a user of this name, or of this person. */
  async insertUnlessTaken(
    tx: Transaction,
    row: Pick<ScimUser, 'id' | 'partner_id' | 'user_id' | 'manages_role' | 'created_at'> & UserFields,
  ): Promise<boolean> {
    const rows = await tx.manager.query<unknown[]>(
      `insert into scim_users (id, partner_id, user_id, user_name, external_id, display_name, given_name, family_name,
         manages_role, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) on conflict do nothing returning id`,
      [
        ...[row.id, row.partner_id, row.user_id, row.user_name, row.external_id, row.display_name],
        ...[row.given_name, row.family_name, row.manages_role, row.created_at],
      ],
    );
    return rows.length === 1;
  }

  isNameTaken(tx: Transaction, partnerId: string, userName: string, except: string): Promise<boolean> {
    return tx.manager
      .query<unknown[]>(
        'select 1 from scim_users where partner_id = $1 and lower(user_name) = lower($2) and id <> $3',
        [partnerId, userName, except],
      )
      .then((rows) => rows.length > 0);
  }

  async update(tx: Transaction, id: string, fields: UserFields, at: Date): Promise<void> {
    await tx.manager.query(
      `update scim_users set user_name = $2, external_id = $3, display_name = $4, given_name = $5, family_name = $6,
         updated_at = $7
       where id = $1`,
      [
        ...[id, fields.user_name, fields.external_id, fields.display_name],
        ...[fields.given_name, fields.family_name, at],
      ],
    );
  }

  /** The directory decides about the roles of these users from now on. */
  async manageRoles(tx: Transaction, ids: readonly string[]): Promise<void> {
    await tx.manager.query('update scim_users set manages_role = true where id = any($1)', [ids]);
  }

  async delete(tx: Transaction, id: string): Promise<void> {
    await tx.manager.query('delete from scim_users where id = $1', [id]);
  }

  /** Those of these ids that are users of the partner. */
  async known(tx: Transaction, partnerId: string, ids: readonly string[]): Promise<Set<string>> {
    const rows = await tx.manager.query<{ id: string }[]>(
      'select id from scim_users where partner_id = $1 and id = any($2)',
      [partnerId, ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** How many users a directory has made, and how many of them are members now. */
  async count(partnerId: string): Promise<{ total: number; active: number }> {
    const [row] = await this.database.read<[{ total: number; active: number }]>((manager) =>
      manager.query(
        `select count(*)::int as total, count(m.id)::int as active
         from scim_users s left join memberships m on m.user_id = s.user_id and m.partner_id = s.partner_id
         where s.partner_id = $1`,
        [partnerId],
      ),
    );
    return row;
  }
}
