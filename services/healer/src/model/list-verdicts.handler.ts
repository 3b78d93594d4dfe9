import { HandleRequest } from '@gridworks/bus';
import { listPage, listVerdicts, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { VerdictRepository } from './verdict.repository.ts';

@Controller()
export class ListVerdictsHandler {
  constructor(private readonly verdicts: VerdictRepository) {}

  @HandleRequest(listVerdicts)
  async handle(query: ParsedInputOf<typeof listVerdicts>): Promise<OutputOf<typeof listVerdicts>> {
    return listPage(listVerdicts, await this.verdicts.page(query));
  }
}
