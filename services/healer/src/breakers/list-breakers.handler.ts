import { HandleRequest } from '@gridworks/bus';
import { listBreakers, listPage, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { BreakerFleet } from './breaker-fleet.ts';

@Controller()
export class ListBreakersHandler {
  constructor(private readonly fleet: BreakerFleet) {}

  @HandleRequest(listBreakers)
  async handle(): Promise<OutputOf<typeof listBreakers>> {
    return listPage(listBreakers, { has_more: false, data: await this.fleet.list() });
  }
}
