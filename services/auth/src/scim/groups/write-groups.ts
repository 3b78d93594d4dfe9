import { AppError, newId, SCIM_GROUP_NOT_FOUND } from '@gridworks/contracts';
import { noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { refusal, taken } from '../documents/scim-refusal.ts';
import { GroupRoles } from '../people/group-roles.ts';
import { ScimUserRepository } from '../users/scim-user.repository.ts';
import { lockPartner } from '../users/write-users.ts';
import { ScimGroupRepository } from './scim-group.repository.ts';
import type { FilledGroup, GroupFields, ScimGroup } from './scim-group.ts';

const TAKEN = 'There is a group with this displayName already.';

/** Makes, changes and deletes the groups of directories, and gives their people the roles of the groups. */
@Injectable()
export class WriteGroups {
  constructor(
    private readonly database: Database,
    private readonly groups: ScimGroupRepository,
    private readonly users: ScimUserRepository,
    private readonly roles: GroupRoles,
  ) {}

  create(partnerId: string, fields: GroupFields): Promise<FilledGroup> {
    const now = new Date();
    return this.database.transaction(async (tx) => {
      await lockPartner(tx, partnerId);
      const group: ScimGroup = {
        id: newId('scimGroup', now.getTime()),
        partner_id: partnerId,
        display_name: fields.display_name,
        external_id: fields.external_id,
        ...(await this.groups.roleNamed(tx, partnerId, fields.display_name)),
        created_at: now,
        updated_at: now,
      };
      if (!(await this.groups.insertUnlessTaken(tx, group))) throw taken(TAKEN);
      await this.#setMembers(tx, { ...group, members: [] }, fields.members);
      noteAct({
        after: {
          name: group.display_name,
          role: group.role_id ?? group.role,
          members: fields.members.length,
        },
      });
      return { ...group, members: fields.members };
    });
  }

  /** Changes a group to what `change` makes of it. Its role stays, also under another name. */
  change(partnerId: string, id: string, change: (group: FilledGroup) => GroupFields): Promise<FilledGroup> {
    const now = new Date();
    return this.database.transaction(async (tx) => {
      await lockPartner(tx, partnerId);
      const group = await this.#held(tx, partnerId, id);
      const fields = change(group);
      if (await this.groups.isNameTaken(tx, partnerId, fields.display_name, id)) throw taken(TAKEN);
      await this.groups.update(tx, id, fields, now);
      const moved = await this.#setMembers(tx, group, fields.members);
      noteAct({
        before: { name: group.display_name, members: group.members.length },
        after: { name: fields.display_name, members: fields.members.length, ...moved },
      });
      return { ...group, ...fields, updated_at: now };
    });
  }

  delete(partnerId: string, id: string): Promise<{ id: string }> {
    return this.database.transaction(async (tx) => {
      await lockPartner(tx, partnerId);
      const group = await this.#held(tx, partnerId, id);
      await this.groups.delete(tx, id);
      await this.roles.apply(tx, partnerId, group.members);
      noteAct({
        before: {
          name: group.display_name,
          role: group.role_id ?? group.role,
          members: group.members.length,
        },
      });
      return { id };
    });
  }

  /** The users that came and went, as far as an entry shows them. */
  async #setMembers(
    tx: Transaction,
    group: FilledGroup,
    wanted: readonly string[],
  ): Promise<{ added?: string[]; removed?: string[] }> {
    const [before, after] = [new Set(group.members), new Set(wanted)];
    const added = wanted.filter((id) => !before.has(id));
    const removed = group.members.filter((id) => !after.has(id));
    const known = await this.users.known(tx, group.partner_id, added);
    // A foreign and a missing user give the same response, to the byte.
    if (known.size < added.length) throw refusal('invalidValue', 'A member is no user of this directory.');
    if (added.length > 0) await this.groups.addMembers(tx, group, added);
    if (removed.length > 0) await this.groups.removeMembers(tx, group.id, removed);
    await this.roles.apply(tx, group.partner_id, [...added, ...removed]);
    return {
      ...(added.length > 0 && { added: added.slice(0, MAX_SHOWN) }),
      ...(removed.length > 0 && { removed: removed.slice(0, MAX_SHOWN) }),
    };
  }

  async #held(tx: Transaction, partnerId: string, id: string): Promise<FilledGroup> {
    const group = await this.groups.hold(tx, partnerId, id);
    if (!group) throw new AppError(SCIM_GROUP_NOT_FOUND);
    return group;
  }
}

const MAX_SHOWN = 20;
