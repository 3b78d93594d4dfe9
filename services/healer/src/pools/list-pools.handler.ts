import { HandleRequest } from '@gridworks/bus';
import { listPage, listPools, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { PoolFleet } from './pool-fleet.ts';

@Controller()
export class ListPoolsHandler {
  constructor(private readonly fleet: PoolFleet) {}

  @HandleRequest(listPools)
  async handle(): Promise<OutputOf<typeof listPools>> {
    return listPage(listPools, { has_more: false, data: await this.fleet.list() });
  }
}
