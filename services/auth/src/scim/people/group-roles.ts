import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { MembershipRepository } from '../../members/membership.repository.ts';
import type { Membership } from '../../members/membership.ts';
import { type GivenRole, highestRole, ROLE_WITHOUT_GROUP } from './choose-role.ts';

interface Row {
  readonly scim_user_id: string;
  readonly member_id: string;
  readonly user_id: string;
  readonly role: Membership['role'];
  readonly role_id: string | null;
  readonly manages_role: boolean;
  readonly given: readonly GivenRole[];
}

const GIVEN_SQL = `
  select coalesce(json_agg(json_build_object('role', g.role, 'role_id', g.role_id, 'permissions', r.permissions)), '[]')
  from scim_group_members gm join scim_groups g on g.id = gm.group_id left join roles r on r.id = g.role_id
  where gm.scim_user_id = s.id and g.role is not null`;

/** Gives the members of a directory's groups the roles of these groups. Owners keep theirs. */
@Injectable()
export class GroupRoles {
  constructor(private readonly members: MembershipRepository) {}

  /** The role that the groups of a user give; null for none. */
  async given(tx: Transaction, scimUserId: string): Promise<GivenRole | null> {
    const [row] = await tx.manager.query<[{ given: GivenRole[] }]>(
      `select (${GIVEN_SQL}) as given from scim_users s where s.id = $1`,
      [scimUserId],
    );
    return highestRole(row?.given ?? []);
  }

  /**
   * Sets the roles of these users anew. A person in no group that gives a role keeps the role unless the directory has
   * given it: then it is `viewer`. The sessions of whose role changes are verified anew. One statement for each role.
   */
  async apply(tx: Transaction, partnerId: string, scimUserIds: readonly string[]): Promise<void> {
    if (scimUserIds.length === 0) return;
    await tx.manager.query(
      `select 1 from memberships where partner_id = $1 and user_id in (select user_id from scim_users where id = any($2))
       order by id for update`,
      [partnerId, scimUserIds],
    );
    const rows = await tx.manager.query<Row[]>(
      `select s.id as scim_user_id, m.id as member_id, m.user_id, m.role, m.role_id, s.manages_role, (${GIVEN_SQL}) as given
       from scim_users s join memberships m on m.user_id = s.user_id and m.partner_id = s.partner_id
       where s.partner_id = $1 and s.id = any($2) and m.role <> 'owner'`,
      [partnerId, scimUserIds],
    );
    const wanted = rows.flatMap((row) => {
      const role = highestRole(row.given) ?? (row.manages_role ? ROLE_WITHOUT_GROUP : null);
      return role ? [{ row, role }] : [];
    });
    const managed = wanted.filter(({ row }) => !row.manages_role).map(({ row }) => row.scim_user_id);
    if (managed.length > 0)
      await tx.manager.query('update scim_users set manages_role = true where id = any($1)', [managed]);
    const changed = wanted.filter(({ row, role }) => row.role !== role.role || row.role_id !== role.role_id);
    for (const of of Map.groupBy(changed, ({ role }) => `${role.role} ${role.role_id}`).values())
      await this.#set(tx, of);
    await this.members.announceChange(
      tx,
      partnerId,
      changed.map(({ row }) => row.user_id),
    );
  }

  async #set(tx: Transaction, changed: readonly { row: Row; role: GivenRole }[]): Promise<void> {
    const [first] = changed;
    if (!first) return;
    await tx.manager.query('update memberships set role = $2, role_id = $3 where id = any($1)', [
      changed.map(({ row }) => row.member_id),
      first.role.role,
      first.role.role_id,
    ]);
  }
}
