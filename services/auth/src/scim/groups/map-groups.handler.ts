import { HandleRequest } from '@gridworks/bus';
import {
  ABOVE_OWN_ROLE,
  AppError,
  callerOf,
  isFixedRole,
  listPage,
  listProvisionedGroups,
  mapProvisionedGroup,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  ROLE_NOT_FOUND,
  SCIM_GROUP_NOT_FOUND,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { RoleRepository } from '../../roles/role.repository.ts';
import { covers, permissionsOf } from '../../roles/role.ts';
import { GroupRoles } from '../people/group-roles.ts';
import { ScimUserRepository } from '../users/scim-user.repository.ts';
import { lockPartner } from '../users/write-users.ts';
import { ScimGroupRepository } from './scim-group.repository.ts';
import { presentGroupRow, type ScimGroup } from './scim-group.ts';

type GivenRole = Pick<ScimGroup, 'role' | 'role_id'> & { readonly permissions: readonly string[] | null };

/** Which role a group of the directory gives, for the people who set the provisioning up. */
@Controller()
export class MapGroupsHandler {
  constructor(
    private readonly database: Database,
    private readonly groups: ScimGroupRepository,
    private readonly users: ScimUserRepository,
    private readonly roles: RoleRepository,
    private readonly groupRoles: GroupRoles,
  ) {}

  @HandleRequest(listProvisionedGroups)
  async list(
    _input: ParsedInputOf<typeof listProvisionedGroups>,
    call: CallContext,
  ): Promise<OutputOf<typeof listProvisionedGroups>> {
    const partnerId = partnerOf(call);
    const [rows, people] = await Promise.all([this.groups.rows(partnerId), this.users.count(partnerId)]);
    const data = rows.map(presentGroupRow);
    return { ...listPage(listProvisionedGroups, { has_more: false, data }), people };
  }

  /** Nobody lets a group give a role that may do more than their own. */
  @HandleRequest(mapProvisionedGroup)
  map(
    { id, role: wanted }: ParsedInputOf<typeof mapProvisionedGroup>,
    call: CallContext,
  ): Promise<OutputOf<typeof mapProvisionedGroup>> {
    const partnerId = partnerOf(call);
    return this.database.transaction(async (tx) => {
      await lockPartner(tx, partnerId);
      const group = await this.groups.hold(tx, partnerId, id);
      // A foreign and a missing group give the same response, to the byte.
      if (!group) throw new AppError(SCIM_GROUP_NOT_FOUND);
      const given = await this.#role(tx, partnerId, wanted);
      if (given.role && !covers(callerOf(call), permissionsOf(given.role, given.permissions)))
        throw new AppError(ABOVE_OWN_ROLE);
      const isSame = given.role === group.role && given.role_id === group.role_id;
      noteAct(isSame ? { isRepeat: true } : { before: { role: group.role_id ?? group.role } });
      if (!isSame) {
        await this.groups.map(tx, id, given);
        await this.groupRoles.apply(tx, partnerId, group.members);
      }
      return presentGroupRow(await this.groups.row(tx, id));
    });
  }

  async #role(tx: Transaction, partnerId: string, wanted: string | null): Promise<GivenRole> {
    if (wanted === null) return { role: null, role_id: null, permissions: null };
    if (isFixedRole(wanted)) return { role: wanted as GivenRole['role'], role_id: null, permissions: null };
    const own = await this.roles.hold(tx, partnerId, wanted);
    if (!own) throw new AppError(ROLE_NOT_FOUND);
    return { role: 'custom', role_id: own.id, permissions: own.permissions };
  }
}
