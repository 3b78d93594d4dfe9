import { AppError } from '@gridworks/contracts';
import { Controller, Req, Res } from '@nestjs/common';
import { ROUTE_NOT_FOUND } from '../problems/gateway.errors.ts';
import { SCIM_TYPE } from '../problems/scim-error.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { Serve } from '../routing/serve.decorator.ts';
import { listResponse, RESOURCE_TYPES, SCHEMAS, SERVICE_PROVIDER_CONFIG } from './scim-documents.ts';
import { scimPage } from './scim-page.ts';

type Json = Record<string, unknown>;

/** What this portal can do as a SCIM service provider (RFC 7644, 4). */
@Controller()
export class ScimDiscoveryController {
  @Serve(scimPage('GET', '/ServiceProviderConfig'))
  config(@Res({ passthrough: true }) reply: PublicReply) {
    return send(reply, SERVICE_PROVIDER_CONFIG);
  }

  @Serve(scimPage('GET', '/ResourceTypes'))
  types(@Res({ passthrough: true }) reply: PublicReply) {
    return send(reply, listResponse(RESOURCE_TYPES));
  }

  @Serve(scimPage('GET', '/ResourceTypes/:id'))
  type(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return send(reply, one(RESOURCE_TYPES, request));
  }

  @Serve(scimPage('GET', '/Schemas'))
  schemas(@Res({ passthrough: true }) reply: PublicReply) {
    return send(reply, listResponse(SCHEMAS));
  }

  @Serve(scimPage('GET', '/Schemas/:id'))
  schema(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return send(reply, one(SCHEMAS, request));
  }
}

function one(all: readonly (Json & { readonly id: string })[], { params }: PublicRequest): Json {
  const wanted = (params as { readonly id: string }).id.toLowerCase();
  const found = all.find(({ id }) => id.toLowerCase() === wanted);
  if (!found) throw new AppError(ROUTE_NOT_FOUND);
  return found;
}

function send(reply: PublicReply, document: Json): string {
  reply.header('content-type', SCIM_TYPE);
  return JSON.stringify(document);
}
