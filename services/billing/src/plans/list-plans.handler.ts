import { HandleRequest } from '@gridworks/bus';
import { listPage, listPlans, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { PLANS } from './plan.ts';

const response: OutputOf<typeof listPlans> = listPage(listPlans, { has_more: false, data: [...PLANS] });

@Controller()
export class ListPlansHandler {
  /** The same plans for every caller, from memory: the request works while the database is away. */
  @HandleRequest(listPlans)
  async list(): Promise<OutputOf<typeof listPlans>> {
    return response;
  }
}
