import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  createScimGroup,
  deleteScimGroup,
  getScimGroup,
  MAX_SCIM_GROUPS_PAGE,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  patchScimGroup,
  replaceScimGroup,
  SCIM_GROUP_NOT_FOUND,
  searchScimGroups,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { CONFIG } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { applyPatch } from '../documents/apply-patch.ts';
import { parseFilter } from '../documents/parse-filter.ts';
import { pageOf, scimAddress } from '../documents/scim-page.ts';
import { ScimGroupRepository } from './scim-group.repository.ts';
import { type FilledGroup, presentGroup, readGroup } from './scim-group.ts';
import { WriteGroups } from './write-groups.ts';

type Resource = OutputOf<typeof getScimGroup>;

/** The groups of a directory, for its SCIM client. */
@Controller()
export class ScimGroupsHandler {
  readonly #base: string;

  constructor(
    private readonly groups: ScimGroupRepository,
    private readonly write: WriteGroups,
    @Inject(CONFIG) config: { readonly PORTAL_URL: string },
  ) {
    this.#base = scimAddress(config.PORTAL_URL);
  }

  @HandleRequest(searchScimGroups)
  async search(
    input: ParsedInputOf<typeof searchScimGroups>,
    call: CallContext,
  ): Promise<OutputOf<typeof searchScimGroups>> {
    const { offset, limit } = pageOf(input, MAX_SCIM_GROUPS_PAGE);
    const filter = input.filter === undefined ? null : parseFilter(input.filter);
    const { total, rows } = await this.groups.search(partnerOf(call), { filter, offset, limit });
    const resources = rows.map((row) => this.#present(row, input.without_members));
    return { total_results: total, start_index: offset + 1, resources };
  }

  @HandleRequest(getScimGroup)
  async get(
    { id, without_members: without }: ParsedInputOf<typeof getScimGroup>,
    call: CallContext,
  ): Promise<Resource> {
    const group = await this.groups.find(partnerOf(call), id);
    // A foreign and a missing group give the same response, to the byte.
    if (!group) throw new AppError(SCIM_GROUP_NOT_FOUND);
    return this.#present(group, without);
  }

  @HandleRequest(createScimGroup)
  async create({ group }: ParsedInputOf<typeof createScimGroup>, call: CallContext): Promise<Resource> {
    return this.#present(await this.write.create(partnerOf(call), readGroup(group)));
  }

  @HandleRequest(replaceScimGroup)
  async replace({ id, group }: ParsedInputOf<typeof replaceScimGroup>, call: CallContext): Promise<Resource> {
    const fields = readGroup(group);
    return this.#present(await this.write.change(partnerOf(call), id, () => fields));
  }

  @HandleRequest(patchScimGroup)
  async patch(
    { id, operations }: ParsedInputOf<typeof patchScimGroup>,
    call: CallContext,
  ): Promise<Resource> {
    const changed = await this.write.change(partnerOf(call), id, (group) =>
      readGroup(applyPatch(this.#present(group), operations)),
    );
    return this.#present(changed);
  }

  @HandleRequest(deleteScimGroup)
  delete(
    { id }: ParsedInputOf<typeof deleteScimGroup>,
    call: CallContext,
  ): Promise<OutputOf<typeof deleteScimGroup>> {
    return this.write.delete(partnerOf(call), id);
  }

  #present({ members, ...group }: FilledGroup, withoutMembers = false): Resource {
    return presentGroup(withoutMembers ? group : { ...group, members }, this.#base);
  }
}
