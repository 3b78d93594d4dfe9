import { HandleRequest } from '@gridworks/bus';
import {
  ABOVE_OWN_ROLE,
  AppError,
  callerOf,
  createRole,
  deleteRole,
  GRANTABLE_PERMISSIONS,
  listPage,
  listRoles,
  newId,
  type OutputOf,
  PARTNER_ROLES,
  type ParsedInputOf,
  partnerOf,
  ROLE_IN_USE,
  ROLE_NAME_TAKEN,
  ROLE_NOT_FOUND,
  updateRole,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { MAX_ROLES, RoleRepository } from '../roles/role.repository.ts';
import { covers, permissionsOfFixed, type Role } from '../roles/role.ts';
import { MembershipRepository } from './membership.repository.ts';

type PublicRole = OutputOf<typeof createRole>;

/** The roles of a partner's people: the fixed ones, and those that the partner makes of permissions. */
@Controller()
export class RolesHandler {
  constructor(
    private readonly database: Database,
    private readonly roles: RoleRepository,
    private readonly members: MembershipRepository,
  ) {}

  @HandleRequest(listRoles)
  async list(
    _input: ParsedInputOf<typeof listRoles>,
    call: CallContext,
  ): Promise<OutputOf<typeof listRoles>> {
    const partnerId = partnerOf(call);
    const [own, counts] = await Promise.all([this.roles.list(partnerId), this.roles.fixedCounts(partnerId)]);
    const fixed = PARTNER_ROLES.map(
      (name): PublicRole => ({
        object: 'role',
        id: name,
        name,
        fixed: true,
        permissions: permissionsOfFixed(name),
        members: counts.get(name) ?? 0,
        created_at: null,
      }),
    );
    const data = [...fixed, ...own.map((role) => present(role, role.members))];
    return { ...listPage(listRoles, { data, has_more: false }), grantable: [...GRANTABLE_PERMISSIONS] };
  }

  /** Nobody makes a role that may do more than its maker. */
  @HandleRequest(createRole)
  async create(
    { name, permissions }: ParsedInputOf<typeof createRole>,
    call: CallContext,
  ): Promise<PublicRole> {
    const partnerId = partnerOf(call);
    if (!covers(callerOf(call), permissions)) throw new AppError(ABOVE_OWN_ROLE);
    const role = { id: newId('role'), partner_id: partnerId, name, permissions, created_at: new Date() };
    return this.database.transaction(async (tx) => {
      if ((await this.roles.count(tx, partnerId)) >= MAX_ROLES)
        throw new AppError(ROLE_NAME_TAKEN, {
          detail: `A partner has at most ${MAX_ROLES} roles of its own: delete one that nobody has.`,
        });
      if (!(await this.roles.insertUnlessTaken(tx, role))) throw new AppError(ROLE_NAME_TAKEN);
      return present(role, 0);
    });
  }

  /** The sessions of its members are verified anew. */
  @HandleRequest(updateRole)
  async update(
    { id, name, permissions }: ParsedInputOf<typeof updateRole>,
    call: CallContext,
  ): Promise<PublicRole> {
    const partnerId = partnerOf(call);
    return this.database.transaction(async (tx) => {
      await this.roles.count(tx, partnerId);
      const role = await this.#hold(tx, partnerId, id);
      const changed = {
        ...role,
        ...(name === undefined ? {} : { name }),
        ...(permissions ? { permissions } : {}),
      };
      // Whoever has the old role must not lose, nor get, what the caller does not have.
      if (permissions && !covers(callerOf(call), [...role.permissions, ...permissions]))
        throw new AppError(ABOVE_OWN_ROLE);
      if (await this.roles.isNameTaken(tx, partnerId, changed.name, id)) throw new AppError(ROLE_NAME_TAKEN);
      noteAct({ before: before(role, { name, permissions }) });
      await this.roles.update(tx, id, { name: changed.name, permissions: changed.permissions });
      const members = await this.members.withRole(tx, id);
      if (permissions) await this.members.announceChange(tx, partnerId, members);
      return present(changed, members.length);
    });
  }

  @HandleRequest(deleteRole)
  async delete(
    { id }: ParsedInputOf<typeof deleteRole>,
    call: CallContext,
  ): Promise<OutputOf<typeof deleteRole>> {
    return this.database.transaction(async (tx) => {
      const { name, permissions } = await this.#hold(tx, partnerOf(call), id);
      noteAct({ before: { name, permissions } });
      if (await this.roles.isUsed(tx, id)) throw new AppError(ROLE_IN_USE);
      await this.roles.delete(tx, id);
      return { object: 'role' as const, id, deleted: true as const };
    });
  }

  async #hold(tx: Transaction, partnerId: string, id: string): Promise<Role> {
    const role = await this.roles.hold(tx, partnerId, id);
    if (!role) throw new AppError(ROLE_NOT_FOUND);
    return role;
  }
}

/** What the audit log says about the members that change. */
function before(role: Role, change: { name?: string | undefined; permissions?: string[] | undefined }) {
  return {
    ...(change.name === undefined ? {} : { name: role.name }),
    ...(change.permissions === undefined ? {} : { permissions: role.permissions }),
  };
}

function present({ id, name, permissions, created_at }: Role, members: number): PublicRole {
  return {
    object: 'role',
    id,
    name,
    fixed: false,
    permissions,
    members,
    created_at: created_at.toISOString(),
  };
}
