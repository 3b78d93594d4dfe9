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
import { presentApiKey } from './api-key.ts';

@Controller()
export class GetApiKeyHandler {
  constructor(private readonly keys: ApiKeyRepository) {}

  @HandleRequest(getApiKey)
  async get(input: ParsedInputOf<typeof getApiKey>, call: CallContext): Promise<OutputOf<typeof getApiKey>> {
    const key = await this.keys.find(partnerOf(call), input.id);
    // A foreign key and a missing one end alike, to the byte.
    if (!key) throw new AppError(API_KEY_NOT_FOUND);
    return presentApiKey(key);
  }
}
