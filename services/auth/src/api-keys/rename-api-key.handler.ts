import { HandleRequest } from '@gridworks/bus';
import {
  API_KEY_NOT_FOUND,
  AppError,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  renameApiKey,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.ts';
import { presentApiKey } from './api-key.ts';

@Controller()
export class RenameApiKeyHandler {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyRepository,
  ) {}

  @HandleRequest(renameApiKey)
  rename(
    { id, name }: ParsedInputOf<typeof renameApiKey>,
    call: CallContext,
  ): Promise<OutputOf<typeof renameApiKey>> {
    return this.database.transaction(async (tx) => {
      const before = await this.keys.hold(tx, partnerOf(call), id);
      const key = await this.keys.rename(tx, partnerOf(call), id, name);
      // A foreign and a missing key give the same response, to the byte.
      if (!key) throw new AppError(API_KEY_NOT_FOUND);
      if (before) noteAct({ before: { name: before.name } });
      return presentApiKey(key);
    });
  }
}
