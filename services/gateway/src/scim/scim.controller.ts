import {
  createScimGroup,
  createScimUser,
  deleteScimGroup,
  deleteScimUser,
  getScimGroup,
  getScimUser,
  patchScimGroup,
  patchScimUser,
  type RequestContract,
  replaceScimGroup,
  replaceScimUser,
  searchScimGroups,
  searchScimUsers,
} from '@gridworks/contracts';
import { Controller, Req, Res } from '@nestjs/common';
import { SCIM_TYPE } from '../problems/scim-error.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Serve } from '../routing/serve.decorator.ts';
import { scimPage } from './scim-page.ts';
import { documentOf, inputFor, operationsOf, Projection, searchOf } from './scim-request.ts';

type Json = Record<string, unknown>;

const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const LONGEST_ID = 64;

/**
 * SCIM 2.0 for the directories of partners (RFC 7643, RFC 7644): reads the forms of the protocol, and has auth do the work.
 * Errors have the form of SCIM, since they are at its addresses.
 */
@Controller()
export class ScimController {
  constructor(readonly services: RequestForwarder) {}

  @Serve(scimPage('GET', '/Users'))
  searchUsers(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#search(searchScimUsers, request, reply, {});
  }

  @Serve(scimPage('GET', '/Groups'))
  searchGroups(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    const without = !new Projection(request.query).has('members');
    return this.#search(searchScimGroups, request, reply, { without_members: without });
  }

  @Serve(scimPage('GET', '/Users/:id'))
  getUser(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#one(getScimUser, request, reply, { id: idIn(request) });
  }

  @Serve(scimPage('GET', '/Groups/:id'))
  getGroup(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    const without = !new Projection(request.query).has('members');
    return this.#one(getScimGroup, request, reply, { id: idIn(request), without_members: without });
  }

  @Serve(scimPage('POST', '/Users', 201))
  createUser(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#one(createScimUser, request, reply, { user: documentOf(request.body) });
  }

  @Serve(scimPage('POST', '/Groups', 201))
  createGroup(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#one(createScimGroup, request, reply, { group: documentOf(request.body) });
  }

  @Serve(scimPage('PUT', '/Users/:id'))
  replaceUser(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#one(replaceScimUser, request, reply, {
      id: idIn(request),
      user: documentOf(request.body),
    });
  }

  @Serve(scimPage('PUT', '/Groups/:id'))
  replaceGroup(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#one(replaceScimGroup, request, reply, {
      id: idIn(request),
      group: documentOf(request.body),
    });
  }

  @Serve(scimPage('PATCH', '/Users/:id'))
  patchUser(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#one(patchScimUser, request, reply, {
      id: idIn(request),
      operations: operationsOf(request.body),
    });
  }

  @Serve(scimPage('PATCH', '/Groups/:id'))
  patchGroup(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#one(patchScimGroup, request, reply, {
      id: idIn(request),
      operations: operationsOf(request.body),
    });
  }

  @Serve(scimPage('DELETE', '/Users/:id', 204))
  deleteUser(@Req() request: PublicRequest) {
    return this.#gone(deleteScimUser, request);
  }

  @Serve(scimPage('DELETE', '/Groups/:id', 204))
  deleteGroup(@Req() request: PublicRequest) {
    return this.#gone(deleteScimGroup, request);
  }

  async #search(
    contract: RequestContract,
    request: PublicRequest,
    reply: PublicReply,
    more: Json,
  ): Promise<string> {
    const input = inputFor(contract, { ...searchOf(request.query), ...more });
    const { total_results, start_index, resources } = JSON.parse(
      await this.services.ask(request, contract, input),
    ) as { total_results: number; start_index: number; resources: Json[] };
    const projection = new Projection(request.query);
    reply.header('content-type', SCIM_TYPE);
    return JSON.stringify({
      schemas: [LIST_SCHEMA],
      totalResults: total_results,
      startIndex: start_index,
      itemsPerPage: resources.length,
      Resources: resources.map((one) => projection.of(one)),
    });
  }

  async #one(
    contract: RequestContract,
    request: PublicRequest,
    reply: PublicReply,
    values: Json,
  ): Promise<string> {
    const answer = await this.services.ask(request, contract, inputFor(contract, values));
    const resource = JSON.parse(answer) as Json & { meta?: { location?: string } };
    reply.header('content-type', SCIM_TYPE);
    if (resource.meta?.location !== undefined) reply.header('location', resource.meta.location);
    return JSON.stringify(new Projection(request.query).of(resource));
  }

  async #gone(contract: RequestContract, request: PublicRequest): Promise<void> {
    await this.services.ask(request, contract, inputFor(contract, { id: idIn(request) }));
  }
}

/** Longer than any id: it is not found. */
const idIn = ({ params }: PublicRequest): string =>
  (params as { readonly id: string }).id.slice(0, LONGEST_ID);
