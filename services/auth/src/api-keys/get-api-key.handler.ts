import { HandleRequest } from '@gridworks/bus';
import {
  API_KEY_NOT_FOUND,
  AppError,
  getApiKey,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.ts';
import { KeyUse } from './key-use.ts';

@Controller()
export class GetApiKeyHandler {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly use: KeyUse,
  ) {}

  @HandleRequest(getApiKey)
  async get(input: ParsedInputOf<typeof getApiKey>, call: CallContext): Promise<OutputOf<typeof getApiKey>> {
    const partnerId = partnerOf(call);
    const key = await this.keys.find(partnerId, input.id);
    // A foreign and a missing key give the same response, to the byte.
    if (!key) throw new AppError(API_KEY_NOT_FOUND);
    const [shown] = await this.use.present(partnerId, [key]);
    return shown as OutputOf<typeof getApiKey>;
  }
}
