import { HandleRequest } from '@gridworks/bus';
import { listHealingActions, listPage, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { ActionRepository } from './action.repository.ts';

@Controller()
export class ListHealingActionsHandler {
  constructor(private readonly actions: ActionRepository) {}

  @HandleRequest(listHealingActions)
  async list(query: ParsedInputOf<typeof listHealingActions>): Promise<OutputOf<typeof listHealingActions>> {
    return listPage(listHealingActions, await this.actions.page(query));
  }
}
