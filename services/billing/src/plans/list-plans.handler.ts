import { HandleRequest } from '@gridworks/bus';
import { listPage, listPlans, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { PlanVersionRepository } from './plan-version.repository.ts';
import { byPrice, presentPlan } from './present-plan.ts';

@Controller()
export class ListPlansHandler {
  constructor(private readonly versions: PlanVersionRepository) {}

  /** The same plans for every caller, cheapest first. From memory while the database is away. */
  @HandleRequest(listPlans)
  async list(): Promise<OutputOf<typeof listPlans>> {
    const plans = (await this.versions.published()).map(presentPlan).sort(byPrice);
    return listPage(listPlans, { has_more: false, data: plans });
  }
}
