import {
  type countAccounts,
  type OutputOf,
  type Page,
  pageOf,
  SYNTHETIC_PARTNER_ID,
} from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { ApiKey } from '../api-keys/api-key.ts';
import type { RoleColumns } from '../members/membership.ts';
import type { Partner } from '../partners/partner.ts';
import { USER_COLUMNS, type User } from '../users/user.ts';

export interface PartnerRow extends Partner {
  readonly users: number;
  readonly api_keys: number;
}
export interface UserRow extends User {
  readonly memberships: readonly (RoleColumns & { partner_id: string; partner_name: string })[];
  readonly sessions: number;
}
/** A person of a partner. */
export interface MemberUserRow extends User, RoleColumns {
  readonly joined_at: Date;
}
export interface SearchQuery extends ListPageQuery {
  readonly query?: string | undefined;
}
export interface PartnerQuery extends SearchQuery {
  readonly from?: string | undefined;
}
export interface UserQuery extends SearchQuery {
  readonly role?: string | undefined;
  readonly partner_id?: string | undefined;
}

const AT_MOST = 100;
/** SQL for keys of programs that are valid now. */
const WORKS = `purpose = 'program' and revoked_at is null and (expires_at is null or expires_at > now())`;
/** SQL for the midnight, UTC, at the start of the day `days` days ago. */
const dayBefore = (days: number): string =>
  `(date_trunc('day', now() at time zone 'UTC') - interval '${days} days') at time zone 'UTC'`;
/** SQL for rows of real partners, and of admins. */
const isReal = (column: string): string => `${column} is distinct from '${SYNTHETIC_PARTNER_ID}'`;
const PARTNER_COLUMNS = 'id, name, created_at, users, api_keys';
const PARTNERS_SQL = `(
  select p.*,
    (select count(*)::int from memberships m where m.partner_id = p.id) as users,
    (select count(*)::int from api_keys k where k.partner_id = p.id and ${WORKS}) as api_keys,
    (select string_agg(u.email, ' ') from memberships m join users u on u.id = m.user_id
       where m.partner_id = p.id) as emails
  from partners p where ${isReal('p.id')}) partners`;
const LISTED_USER_COLUMNS = `${USER_COLUMNS}, memberships, sessions`;
const USERS_SQL = `(
  select u.*,
    (select coalesce(json_agg(json_build_object(
         'partner_id', m.partner_id, 'partner_name', p.name, 'role', m.role, 'role_id', m.role_id, 'role_name', r.name)
         order by m.created_at, m.id), '[]')
       from memberships m join partners p on p.id = m.partner_id left join roles r on r.id = m.role_id
       where m.user_id = u.id) as memberships,
    (select count(*)::int from sessions s
       where s.user_id = u.id and s.revoked_at is null and s.expires_at > now()) as sessions
  from users u where not exists (
    select 1 from memberships m where m.user_id = u.id and m.partner_id = '${SYNTHETIC_PARTNER_ID}')) users`;

/** The part of `USERS_SQL` with a role, in a partner or in any. */
function usersWith(role: string | undefined, partnerId: string | undefined): string {
  const conditions = [
    partnerId === undefined ? null : `m.partner_id = ${literal(partnerId)}`,
    role === undefined ? null : `m.role = ${literal(role)}`,
  ].filter((condition) => condition !== null);
  if (conditions.length === 0) return USERS_SQL;
  const member = `exists (select 1 from memberships m where m.user_id = users.id and ${conditions.join(' and ')})`;
  const platform =
    role !== undefined && partnerId === undefined ? ` or platform_role = ${literal(role)}` : '';
  return `(select * from ${USERS_SQL} where ${member}${platform}) users`;
}

/** A role or an id: its schema permits no quote. */
function literal(word: string): string {
  if (!/^\w+$/.test(word)) throw new Error(`not a word: ${word}`);
  return `'${word}'`;
}

/** Lists of partners and users for admins. */
@Injectable()
export class DirectoryRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async partners({ query: text, from, ...page }: PartnerQuery): Promise<Page<PartnerRow>> {
    const search = { columns: ['name', 'id', 'emails'], text };
    const since = { created_at: from };
    const source = { table: 'partners', columns: PARTNER_COLUMNS, from: PARTNERS_SQL, search, since };
    const rows = await this.database.read((manager) => readListPage<PartnerRow>(manager, source, page));
    return pageOf(rows, page.limit, page.ending_before !== undefined);
  }

  /** Newest first. */
  async users({ query: text, role, partner_id, ...page }: UserQuery): Promise<Page<UserRow>> {
    const search = { columns: ['email', 'name', 'id'], text };
    const from = usersWith(role, partner_id);
    const source = { table: 'users', columns: LISTED_USER_COLUMNS, from, search };
    const rows = await this.database.read((manager) => readListPage<UserRow>(manager, source, page));
    return pageOf(rows, page.limit, page.ending_before !== undefined);
  }

  /**
   * A partner with its first hundred users and its newest hundred keys; null when there is no such partner.
   */
  partner(id: string): Promise<{ partner: PartnerRow; people: MemberUserRow[]; keys: ApiKey[] } | null> {
    return this.database.read(async (manager) => {
      const [partner] = await manager.query<PartnerRow[]>(
        `select ${PARTNER_COLUMNS} from ${PARTNERS_SQL} where id = $1`,
        [id],
      );
      if (!partner) return null;
      const people = await manager.query<MemberUserRow[]>(
        `select u.*, m.role, m.role_id, r.name as role_name, m.created_at as joined_at
         from memberships m join users u on u.id = m.user_id left join roles r on r.id = m.role_id
         where m.partner_id = $1 order by m.created_at, m.id limit ${AT_MOST}`,
        [id],
      );
      const keys = await manager.query<ApiKey[]>(
        `select * from api_keys where partner_id = $1 order by list_position desc limit ${AT_MOST}`,
        [id],
      );
      return { partner, people, keys };
    });
  }

  /** The time when a partner made its first key for a program; null before that. */
  async firstKeyAt(partnerId: string): Promise<Date | null> {
    const [row] = await this.database.read<{ created_at: Date }[]>((manager) =>
      manager.query(
        `select created_at from api_keys where partner_id = $1 and purpose = 'program' order by id limit 1`,
        [partnerId],
      ),
    );
    return row?.created_at ?? null;
  }

  async counts(): Promise<Omit<OutputOf<typeof countAccounts>, 'observed_at'>> {
    const [row] = await this.database.read((manager) =>
      manager.query(
        `select (select count(*)::int from partners where ${isReal('id')}) as partners,
           (select count(*)::int from partners
              where ${isReal('id')} and created_at >= ${dayBefore(6)}) as new_partners,
           (select count(*)::int from partners
              where ${isReal('id')} and created_at >= ${dayBefore(29)}) as new_partners_30_days,
           (select count(*)::int from users where not exists (
              select 1 from memberships m where m.user_id = users.id and m.partner_id = '${SYNTHETIC_PARTNER_ID}')) as users,
           (select count(*)::int from api_keys where ${isReal('partner_id')} and ${WORKS}) as active_keys`,
      ),
    );
    return row;
  }
}
