import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  createScimUser,
  deleteScimUser,
  getScimUser,
  MAX_SCIM_USERS_PAGE,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  patchScimUser,
  replaceScimUser,
  SCIM_USER_NOT_FOUND,
  searchScimUsers,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { CONFIG } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { applyPatch } from '../documents/apply-patch.ts';
import { parseFilter } from '../documents/parse-filter.ts';
import { pageOf, scimAddress } from '../documents/scim-page.ts';
import { ScimUserRepository } from './scim-user.repository.ts';
import { presentUser, readUser, type ScimUser } from './scim-user.ts';
import { WriteUsers } from './write-users.ts';

type Resource = OutputOf<typeof getScimUser>;

/** The users of a directory, for its SCIM client. The principal is a SCIM token, and its partner the only one. */
@Controller()
export class ScimUsersHandler {
  readonly #base: string;

  constructor(
    private readonly users: ScimUserRepository,
    private readonly write: WriteUsers,
    @Inject(CONFIG) config: { readonly PORTAL_URL: string },
  ) {
    this.#base = scimAddress(config.PORTAL_URL);
  }

  @HandleRequest(searchScimUsers)
  async search(
    input: ParsedInputOf<typeof searchScimUsers>,
    call: CallContext,
  ): Promise<OutputOf<typeof searchScimUsers>> {
    const { offset, limit } = pageOf(input, MAX_SCIM_USERS_PAGE);
    const filter = input.filter === undefined ? null : parseFilter(input.filter);
    const { total, rows } = await this.users.search(partnerOf(call), { filter, offset, limit });
    return {
      total_results: total,
      start_index: offset + 1,
      resources: rows.map((row) => this.#present(row)),
    };
  }

  @HandleRequest(getScimUser)
  async get({ id }: ParsedInputOf<typeof getScimUser>, call: CallContext): Promise<Resource> {
    const row = await this.users.find(partnerOf(call), id);
    // A foreign and a missing user give the same response, to the byte.
    if (!row) throw new AppError(SCIM_USER_NOT_FOUND);
    return this.#present(row);
  }

  @HandleRequest(createScimUser)
  async create({ user }: ParsedInputOf<typeof createScimUser>, call: CallContext): Promise<Resource> {
    return this.#present(await this.write.create(partnerOf(call), readUser(user)));
  }

  @HandleRequest(replaceScimUser)
  async replace({ id, user }: ParsedInputOf<typeof replaceScimUser>, call: CallContext): Promise<Resource> {
    const fields = readUser(user);
    return this.#present(await this.write.change(partnerOf(call), id, () => fields));
  }

  @HandleRequest(patchScimUser)
  async patch({ id, operations }: ParsedInputOf<typeof patchScimUser>, call: CallContext): Promise<Resource> {
    const changed = await this.write.change(partnerOf(call), id, (row) =>
      readUser(applyPatch(this.#present(row), operations)),
    );
    return this.#present(changed);
  }

  @HandleRequest(deleteScimUser)
  delete(
    { id }: ParsedInputOf<typeof deleteScimUser>,
    call: CallContext,
  ): Promise<OutputOf<typeof deleteScimUser>> {
    return this.write.delete(partnerOf(call), id);
  }

  #present(row: ScimUser): Resource {
    return presentUser(row, this.#base);
  }
}
