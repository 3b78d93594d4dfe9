import { HandleRequest } from '@gridworks/bus';
import { getKeyUsage, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { KEY_DAYS, KeyUsageRepository } from './key-usage.repository.ts';

const DAY_MS = 86_400_000;

@Controller()
export class GetKeyUsageHandler {
  constructor(private readonly usage: KeyUsageRepository) {}

  @HandleRequest(getKeyUsage)
  async get(input: ParsedInputOf<typeof getKeyUsage>): Promise<OutputOf<typeof getKeyUsage>> {
    const now = new Date();
    const found = await this.usage.find(input.partner_id, input.api_key_ids, now.toISOString().slice(0, 10));
    return {
      from: new Date(now.getTime() - (KEY_DAYS - 1) * DAY_MS).toISOString().slice(0, 10),
      observed_at: now.toISOString(),
      api_keys: found.map((one) => ({ ...one, last_call_at: one.last_call_at.toISOString() })),
    };
  }
}
