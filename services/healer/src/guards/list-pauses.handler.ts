import { HandleRequest } from '@gridworks/bus';
import { listPage, listPauses, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { PauseRepository } from './pause.repository.ts';

@Controller()
export class ListPausesHandler {
  constructor(private readonly pauses: PauseRepository) {}

  @HandleRequest(listPauses)
  async handle(): Promise<OutputOf<typeof listPauses>> {
    const data = (await this.pauses.read()).reverse();
    return listPage(listPauses, { has_more: false, data });
  }
}
