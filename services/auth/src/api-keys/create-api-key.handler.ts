import { HandleRequest } from '@gridworks/bus';
import {
  actorOf,
  createApiKey,
  credentialDigest,
  newApiKey,
  newId,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.ts';
import { presentApiKey } from './api-key.ts';

@Controller()
export class CreateApiKeyHandler {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyRepository,
  ) {}

  /** The answer is the only place where the key itself ever stands. */
  @HandleRequest(createApiKey)
  async create(
    input: ParsedInputOf<typeof createApiKey>,
    call: CallContext,
  ): Promise<OutputOf<typeof createApiKey>> {
    const secret = newApiKey(input.mode);
    const key = {
      id: newId('apiKey'),
      name: input.name,
      mode: input.mode,
      digest: credentialDigest(secret),
      last4: secret.slice(-4),
      created_at: new Date(),
      revoked_at: null,
    };
    return this.database.transaction(async (tx) => {
      await this.keys.insert(tx, key, partnerOf(call), actorOf(call));
      return { ...presentApiKey(key), key: secret };
    });
  }
}
