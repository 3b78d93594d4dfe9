import { HandleRequest } from '@gridworks/bus';
import { actorOf, createApiKey, type OutputOf, type ParsedInputOf, partnerOf } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.ts';
import { makeApiKey, presentApiKey } from './api-key.ts';

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
    const { key, secret } = makeApiKey(input.name, input.mode, actorOf(call));
    return this.database.transaction(async (tx) => {
      await this.keys.insert(tx, key, partnerOf(call));
      return { ...presentApiKey(key), key: secret };
    });
  }
}
