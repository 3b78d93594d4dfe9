import { HandleRequest } from '@gridworks/bus';
import { listLogInProviders, listPage, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { presentProvider } from './log-in-provider.ts';
import { LogInProviders } from './log-in-providers.ts';

@Controller()
export class ListLogInProvidersHandler {
  constructor(private readonly providers: LogInProviders) {}

  @HandleRequest(listLogInProviders)
  async list(): Promise<OutputOf<typeof listLogInProviders>> {
    return listPage(listLogInProviders, { data: this.providers.all.map(presentProvider), has_more: false });
  }
}
