import {
  accessTokensChanged,
  credentialChanged,
  credentialRevoked,
  type Page,
  pageOf,
} from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { enforcesSso } from '../sso-connections/sso-connection.repository.ts';
import { isSuspended } from '../suspensions/suspension.repository.ts';
import { MembershipEntity } from './membership.entity.ts';
import type { MemberRow, Membership, OwnMembershipRow } from './membership.ts';

const MEMBER_COLUMNS =
  'id, partner_id, user_id, role, role_id, role_name, permissions, created_at, email, name, last_active_at';
const MEMBERS_SQL = `(
  select m.*, u.email, u.name, r.name as role_name, r.permissions,
    (select max(coalesce(s.last_used_at, s.created_at)) from sessions s
       where s.user_id = m.user_id and s.partner_id = m.partner_id and s.revoked_at is null) as last_active_at
  from memberships m join users u on u.id = m.user_id left join roles r on r.id = m.role_id) memberships`;
const OWN_SQL = `
  select m.*, p.name as partner_name, p.created_at as partner_created_at, r.name as role_name, r.permissions
  from memberships m join partners p on p.id = m.partner_id left join roles r on r.id = m.role_id`;

type Ended = { readonly id: string; readonly digest: string };

/** Who belongs to which partner. */
@Injectable()
export class MembershipRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Transaction, membership: Membership): Promise<void> {
    await tx.manager.insert(MembershipEntity, membership);
  }

  /** Returns false and stores nothing when the person belongs to the partner already. */
  async insertUnlessMember(tx: Transaction, membership: Membership): Promise<boolean> {
    const { identifiers } = await tx.manager
      .createQueryBuilder()
      .insert()
      .into(MembershipEntity)
      .values(membership)
      .orIgnore()
      .returning('id')
      .execute();
    return identifiers.filter(Boolean).length === 1;
  }

  /** Newest first. */
  async page(partnerId: string, query: ListPageQuery): Promise<Page<MemberRow>> {
    const source = {
      table: 'memberships',
      columns: MEMBER_COLUMNS,
      from: MEMBERS_SQL,
      list: { partner_id: partnerId },
    };
    const rows = await this.database.read((manager) => readListPage<MemberRow>(manager, source, query));
    return pageOf(rows, query.limit, query.ending_before !== undefined);
  }

  /** The partners of a person, the first joined first, at most 100. */
  listOf(userId: string): Promise<OwnMembershipRow[]> {
    return this.database.read((manager) =>
      manager.query(`${OWN_SQL} where m.user_id = $1 order by m.created_at, m.id limit 100`, [userId]),
    );
  }

  /**
   * The membership of a person in a partner; or that of the last session, else the first joined, before those of partners
   * that make the person use single sign-on, and those that are suspended. Null when there is none.
   */
  async find(
    userId: string,
    wanted: { readonly partner: string } | { readonly preferred: string | null },
  ): Promise<(OwnMembershipRow & { readonly permissions: string[] | null }) | null> {
    const [partner, preferred] = 'partner' in wanted ? [wanted.partner, null] : [null, wanted.preferred];
    const [row] = await this.database.read<(OwnMembershipRow & { permissions: string[] | null })[]>(
      (manager) =>
        manager.query(
          `${OWN_SQL} where m.user_id = $1 and ($2::text is null or m.partner_id = $2)
           order by ${isSuspended('m.partner_id')},
             ${enforcesSso('m.partner_id', '(select email from users where id = $1)')}, m.partner_id is not distinct from $3::text desc,
             m.created_at, m.id
           limit 1`,
          [userId, partner, preferred],
        ),
    );
    return row ?? null;
  }

  /**
   * Locks the owners and one member of a partner, so that two changes of roles run one after the other. Null
   * when the partner has no such member.
   */
  async hold(
    tx: Transaction,
    partnerId: string,
    id: string,
  ): Promise<{ member: MemberRow; owners: number } | null> {
    const held = await tx.manager.query<{ role: string }[]>(
      `select role from memberships where partner_id = $1 and (id = $2 or role = 'owner') order by id for update`,
      [partnerId, id],
    );
    const [member] = await tx.manager.query<MemberRow[]>(
      `select ${MEMBER_COLUMNS} from ${MEMBERS_SQL} where id = $1 and partner_id = $2`,
      [id, partnerId],
    );
    return member ? { member, owners: held.filter(({ role }) => role === 'owner').length } : null;
  }

  /** The member of a partner that a person is. */
  async idOf(partnerId: string, userId: string): Promise<string | null> {
    const found = await this.database.read((manager) =>
      manager.findOneBy(MembershipEntity, { partner_id: partnerId, user_id: userId }),
    );
    return found?.id ?? null;
  }

  isMember(partnerId: string, email: string): Promise<boolean> {
    return this.database.read(async (manager) => {
      const rows = await manager.query<unknown[]>(
        `select 1 from memberships m join users u on u.id = m.user_id where m.partner_id = $1 and lower(u.email) = $2`,
        [partnerId, email],
      );
      return rows.length > 0;
    });
  }

  /** Gives a member another role. The sessions of the person for the partner are verified anew. */
  async setRole(
    tx: Transaction,
    member: Membership,
    role: Pick<Membership, 'role' | 'role_id'>,
  ): Promise<MemberRow> {
    await tx.manager.update(MembershipEntity, { id: member.id }, { role: role.role, role_id: role.role_id });
    await this.announceChange(tx, member.partner_id, [member.user_id]);
    const [changed] = await tx.manager.query<[MemberRow]>(
      `select ${MEMBER_COLUMNS} from ${MEMBERS_SQL} where id = $1`,
      [member.id],
    );
    return changed;
  }

  /** Ends a membership, and the sessions, explorer keys and applications with access of the person for the partner. */
  async end(
    tx: Transaction,
    { id, partner_id: partnerId, user_id: userId }: Membership,
    at: Date,
  ): Promise<void> {
    await tx.manager.delete(MembershipEntity, { id });
    const [sessions] = await tx.manager.query<[Ended[], number]>(
      `update sessions set revoked_at = $3
       where user_id = $1 and partner_id = $2 and revoked_at is null and expires_at > $3 returning id, digest`,
      [userId, partnerId, at],
    );
    const [keys] = await tx.manager.query<[Ended[], number]>(
      `update api_keys set revoked_at = $3
       where created_by = $1 and partner_id = $2 and purpose = 'explorer' and revoked_at is null and expires_at > $3
       returning id, digest`,
      [userId, partnerId, at],
    );
    await this.#endAccesses(tx, partnerId, userId);
    for (const session of sessions)
      tx.emit(credentialRevoked, { kind: 'session', ...session }, { partnerId });
    for (const key of keys) tx.emit(credentialRevoked, { kind: 'api_key', ...key }, { partnerId });
    this.#announceTokens(tx, partnerId, [userId]);
  }

  /** The persons with a role that the partner made. */
  async withRole(tx: Transaction, roleId: string): Promise<string[]> {
    const rows = await tx.manager.findBy(MembershipEntity, { role_id: roleId });
    return rows.map(({ user_id }) => user_id);
  }

  /** Tells the gateways that these persons may do more or less for the partner than before. */
  async announceChange(tx: Transaction, partnerId: string, userIds: readonly string[]): Promise<void> {
    const sessions = await tx.manager.query<Ended[]>(
      `select id, digest from sessions
       where partner_id = $1 and user_id = any($2) and revoked_at is null and expires_at > now()`,
      [partnerId, userIds],
    );
    for (const session of sessions)
      tx.emit(credentialChanged, { kind: 'session', ...session }, { partnerId });
    this.#announceTokens(tx, partnerId, userIds);
  }

  /** A person who comes back later is asked again. */
  async #endAccesses(tx: Transaction, partnerId: string, userId: string): Promise<void> {
    await tx.manager.query(
      `delete from oauth_records r using applications a
       where a.partner_id = $1 and r.client_id = a.id and r.account_id = $2`,
      [partnerId, userId],
    );
    await tx.manager.query('delete from application_accesses where partner_id = $1 and user_id = $2', [
      partnerId,
      userId,
    ]);
  }

  /** The access tokens of these persons may do no more than the persons themselves. */
  #announceTokens(tx: Transaction, partnerId: string, userIds: readonly string[]): void {
    for (const user_id of userIds)
      tx.emit(accessTokensChanged, { application_id: null, user_id, digest: null }, { partnerId });
  }
}
