import { HandleRequest } from '@gridworks/bus';
import {
  actorOf,
  callerOf,
  createApiKey,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.ts';
import { makeApiKey, presentApiKey } from './api-key.ts';
import { endOf, scopesOfNew } from './key-options.ts';

@Controller()
export class CreateApiKeyHandler {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyRepository,
  ) {}

  /** The response is the only place where the key itself appears. */
  @HandleRequest(createApiKey)
  async create(
    input: ParsedInputOf<typeof createApiKey>,
    call: CallContext,
  ): Promise<OutputOf<typeof createApiKey>> {
    const { name, mode, allowed_networks, limits } = input;
    const scopes = scopesOfNew(callerOf(call), input.scopes);
    const expires_at = endOf(input, new Date()) ?? null;
    const { key, secret } = makeApiKey(
      { name, mode, scopes, allowed_networks, limits, expires_at },
      actorOf(call),
    );
    return this.database.transaction(async (tx) => {
      await this.keys.insert(tx, key, partnerOf(call));
      return { ...presentApiKey(key), key: secret };
    });
  }
}
