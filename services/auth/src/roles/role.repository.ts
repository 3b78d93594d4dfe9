import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { RoleEntity } from './role.entity.ts';
import type { Role } from './role.ts';

/** How many roles of its own a partner may have. */
export const MAX_ROLES = 50;

/** The roles that partners make. The partner is part of every condition. */
@Injectable()
export class RoleRepository {
  constructor(private readonly database: Database) {}

  /** With the number of their members, oldest first. */
  list(partnerId: string): Promise<(Role & { readonly members: number })[]> {
    return this.database.read((manager) =>
      manager.query(
        `select r.*, (select count(*)::int from memberships m where m.role_id = r.id) as members
         from roles r where partner_id = $1 order by id`,
        [partnerId],
      ),
    );
  }

  /** How many members have each fixed role. */
  async fixedCounts(partnerId: string): Promise<Map<string, number>> {
    const rows = await this.database.read<{ role: string; members: number }[]>((manager) =>
      manager.query(
        'select role, count(*)::int as members from memberships where partner_id = $1 group by role',
        [partnerId],
      ),
    );
    return new Map(rows.map(({ role, members }) => [role, members]));
  }

  /** Locks the role, so that it is not deleted while it is given to somebody. Null when the partner has no such role. */
  async hold(tx: Transaction, partnerId: string, id: string): Promise<Role | null> {
    const [role] = await tx.manager.query<Role[]>(
      'select * from roles where id = $1 and partner_id = $2 for update',
      [id, partnerId],
    );
    return role ?? null;
  }

  /** Returns false and stores nothing when the partner has a role of this name, in upper or lower case. */
  async insertUnlessTaken(tx: Transaction, role: Role): Promise<boolean> {
    const rows = await tx.manager.query<unknown[]>(
      `insert into roles (id, partner_id, name, permissions, created_at) values ($1, $2, $3, $4, $5)
       on conflict (partner_id, lower(name)) do nothing returning id`,
      [role.id, role.partner_id, role.name, role.permissions, role.created_at],
    );
    return rows.length === 1;
  }

  /** Locks the partner: its roles are counted and renamed one after another. */
  async count(tx: Transaction, partnerId: string): Promise<number> {
    await tx.manager.query('select 1 from partners where id = $1 for no key update', [partnerId]);
    return tx.manager.countBy(RoleEntity, { partner_id: partnerId });
  }

  isNameTaken(tx: Transaction, partnerId: string, name: string, except: string): Promise<boolean> {
    return tx.manager
      .createQueryBuilder(RoleEntity, 'role')
      .where('role.partner_id = :partnerId and lower(role.name) = lower(:name) and role.id <> :except', {
        partnerId,
        name,
        except,
      })
      .getExists();
  }

  async update(tx: Transaction, id: string, change: Pick<Role, 'name' | 'permissions'>): Promise<void> {
    await tx.manager.update(RoleEntity, { id }, change);
  }

  /** Whether a member or an open invitation has the role, or a group of the directory gives it. */
  async isUsed(tx: Transaction, id: string): Promise<boolean> {
    const [row] = await tx.manager.query<[{ used: boolean }]>(
      `select exists (select 1 from memberships where role_id = $1)
           or exists (select 1 from invitations where role_id = $1 and ended_at is null)
           or exists (select 1 from scim_groups where role_id = $1) as used`,
      [id],
    );
    return row.used;
  }

  /** Ended invitations forget the role. */
  async delete(tx: Transaction, id: string): Promise<void> {
    await tx.manager.query('update invitations set role_id = null where role_id = $1', [id]);
    await tx.manager.delete(RoleEntity, { id });
  }
}
