import { HandleRequest } from '@gridworks/bus';
import { listForecasts, listPage, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { WatchLoop } from './watch-loop.ts';

@Controller()
export class ListForecastsHandler {
  constructor(private readonly watch: WatchLoop) {}

  /** Responds from memory, whatever else is away. */
  @HandleRequest(listForecasts)
  async list(): Promise<OutputOf<typeof listForecasts>> {
    return listPage(listForecasts, { has_more: false, data: this.watch.forecasts() });
  }
}
