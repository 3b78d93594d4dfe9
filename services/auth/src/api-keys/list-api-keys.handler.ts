import { HandleRequest } from '@gridworks/bus';
import { listApiKeys, type OutputOf, type ParsedInputOf, requirePartner } from '@gridworks/contracts';
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
    const page = await this.keys.page(requirePartner(call.principal), input);
    return {
      object: 'list',
      url: '/v1/api-keys',
      has_more: page.has_more,
      data: page.data.map(presentApiKey),
    };
  }
}
