import { HandleRequest } from '@gridworks/bus';
import {
  API_KEY_NOT_FOUND,
  AppError,
  credentialRevoked,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  revokeApiKey,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.ts';
import { presentApiKey } from './api-key.ts';

@Controller()
export class RevokeApiKeyHandler {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyRepository,
  ) {}

  @HandleRequest(revokeApiKey)
  async revoke(
    input: ParsedInputOf<typeof revokeApiKey>,
    call: CallContext,
  ): Promise<OutputOf<typeof revokeApiKey>> {
    const partnerId = partnerOf(call);
    const key = await this.database.transaction(async (tx) => {
      const found = await this.keys.revoke(tx, partnerId, input.id, new Date());
      // A foreign and a missing key give the same response, to the byte.
      if (!found) throw new AppError(API_KEY_NOT_FOUND);
      if (found.revoked)
        tx.emit(
          credentialRevoked,
          { kind: 'api_key', id: found.key.id, digest: found.key.digest },
          { partnerId },
        );
      else noteAct({ isRepeat: true });
      return found.key;
    });
    return presentApiKey(key);
  }
}
