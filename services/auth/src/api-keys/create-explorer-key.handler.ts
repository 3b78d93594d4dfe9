import { HandleRequest } from '@gridworks/bus';
import {
  actorOf,
  callerOf,
  createExplorerKey,
  credentialRevoked,
  EXPLORER_KEYS_PER_PERSON,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.ts';
import { makeExplorerKey, presentApiKey } from './api-key.ts';
import { scopesOfNew } from './key-options.ts';

@Controller()
export class CreateExplorerKeyHandler {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyRepository,
  ) {}

  /** The response is the only place where the key itself ever stands. The person's oldest key makes room for it. */
  @HandleRequest(createExplorerKey)
  create(
    _input: ParsedInputOf<typeof createExplorerKey>,
    call: CallContext,
  ): Promise<OutputOf<typeof createExplorerKey>> {
    const partnerId = partnerOf(call);
    const userId = actorOf(call);
    return this.database.transaction(async (tx) => {
      const spared = EXPLORER_KEYS_PER_PERSON - 1;
      const revoked = await this.keys.revokeExplorerKeys(tx, userId, new Date(), spared);
      for (const key of revoked) tx.emit(credentialRevoked, { kind: 'api_key', ...key }, { partnerId });
      const { key, secret } = makeExplorerKey(userId, scopesOfNew(callerOf(call), undefined));
      await this.keys.insert(tx, key, partnerId);
      return { ...presentApiKey(key), key: secret };
    });
  }
}
