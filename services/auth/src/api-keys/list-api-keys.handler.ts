import { HandleRequest } from '@gridworks/bus';
import { listApiKeys, listPage, type OutputOf, type ParsedInputOf, partnerOf } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.ts';
import { KeyUse } from './key-use.ts';

@Controller()
export class ListApiKeysHandler {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly use: KeyUse,
  ) {}

  @HandleRequest(listApiKeys)
  async list(
    input: ParsedInputOf<typeof listApiKeys>,
    call: CallContext,
  ): Promise<OutputOf<typeof listApiKeys>> {
    const partnerId = partnerOf(call);
    const page = await this.keys.page(partnerId, input);
    return listPage(listApiKeys, { ...page, data: await this.use.present(partnerId, page.data) });
  }
}
