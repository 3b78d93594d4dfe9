import { HandleRequest } from '@gridworks/bus';
import { listVerdicts, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { VerdictRepository } from './verdict.repository.ts';

@Controller()
export class ListVerdictsHandler {
  constructor(private readonly verdicts: VerdictRepository) {}

  @HandleRequest(listVerdicts)
  async handle(query: ParsedInputOf<typeof listVerdicts>): Promise<OutputOf<typeof listVerdicts>> {
    return { object: 'list', url: '/v1/admin/verdicts', ...(await this.verdicts.page(query)) };
  }
}
