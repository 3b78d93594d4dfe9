import { HandleRequest } from '@gridworks/bus';
import {
  actorOf,
  callerOf,
  createApplication,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { mustMayScopes } from '../api-keys/key-options.ts';
import { ApplicationRepository } from './application.repository.ts';
import { makeApplication, presentApplication } from './application.ts';

@Controller()
export class CreateApplicationHandler {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationRepository,
  ) {}

  /** The response is the only place where the secret itself appears. */
  @HandleRequest(createApplication)
  async create(
    input: ParsedInputOf<typeof createApplication>,
    call: CallContext,
  ): Promise<OutputOf<typeof createApplication>> {
    mustMayScopes(callerOf(call), input.scopes);
    const { application, secret } = makeApplication({ ...input, partner_id: partnerOf(call) }, actorOf(call));
    return this.database.transaction(async (tx) => {
      await this.applications.insert(tx, application);
      return { ...presentApplication(application), client_secret: secret };
    });
  }
}
