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
import type { Partner } from '../partners/partner.ts';
import type { User } from '../users/user.ts';

export interface PartnerRow extends Partner {
  readonly users: number;
  readonly api_keys: number;
}
export interface UserRow extends User {
  readonly partner_name: string | null;
  readonly sessions: number;
}
export interface SearchQuery extends ListPageQuery {
  readonly query?: string | undefined;
}
export interface PartnerQuery extends SearchQuery {
  readonly from?: string | undefined;
}
export interface UserQuery extends SearchQuery {
  readonly role?: User['role'] | undefined;
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
    (select count(*)::int from users u where u.partner_id = p.id) as users,
    (select count(*)::int from api_keys k where k.partner_id = p.id and ${WORKS}) as api_keys,
    (select string_agg(u.email, ' ') from users u where u.partner_id = p.id) as emails
  from partners p where ${isReal('p.id')}) partners`;
const USER_COLUMNS = `id, partner_id, email, password_hash, role, name, locale, zone, theme, created_at, partner_name, sessions`;
const USERS_SQL = `(
  select u.*, p.name as partner_name,
    (select count(*)::int from sessions s
       where s.user_id = u.id and s.revoked_at is null and s.expires_at > now()) as sessions
  from users u left join partners p on p.id = u.partner_id where ${isReal('u.partner_id')}) users`;

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
    const where = { role, partner_id };
    const source = { table: 'users', columns: USER_COLUMNS, from: USERS_SQL, where, search };
    const rows = await this.database.read((manager) => readListPage<UserRow>(manager, source, page));
    return pageOf(rows, page.limit, page.ending_before !== undefined);
  }

  /**
   * A partner with its first hundred users and its newest hundred keys; null when there is no such partner.
   */
  partner(id: string): Promise<{ partner: PartnerRow; people: User[]; keys: ApiKey[] } | null> {
    return this.database.read(async (manager) => {
      const [partner] = await manager.query<PartnerRow[]>(
        `select ${PARTNER_COLUMNS} from ${PARTNERS_SQL} where id = $1`,
        [id],
      );
      if (!partner) return null;
      const people = await manager.query<User[]>(
        `select * from users where partner_id = $1 order by id limit ${AT_MOST}`,
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
           (select count(*)::int from users where ${isReal('partner_id')}) as users,
           (select count(*)::int from api_keys where ${isReal('partner_id')} and ${WORKS}) as active_keys`,
      ),
    );
    return row;
  }
}
