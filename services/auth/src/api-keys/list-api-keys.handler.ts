import { HandleRequest } from '@gridworks/bus';
import { listApiKeys, listPage, type OutputOf, type ParsedInputOf, partnerOf } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.ts';
import { presentApiKey } from './api-key.ts';

@Controller()
export class ListApiKeysHandler {
  constructor(private readonly keys: ApiKeyRepository) {}

  @HandleRequest(listApiKeys)
  async list(
    input: ParsedInputOf<typeof listApiKeys>,
    call: CallContext,
  ): Promise<OutputOf<typeof listApiKeys>> {
    const page = await this.keys.page(partnerOf(call), input);
    return listPage(listApiKeys, { ...page, data: page.data.map(presentApiKey) });
  }
}
