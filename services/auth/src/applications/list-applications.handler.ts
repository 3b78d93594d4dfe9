import { HandleRequest } from '@gridworks/bus';
import {
  listApplications,
  listPage,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { ApplicationRepository } from './application.repository.ts';
import { presentApplication } from './application.ts';

@Controller()
export class ListApplicationsHandler {
  constructor(private readonly applications: ApplicationRepository) {}

  @HandleRequest(listApplications)
  async list(
    input: ParsedInputOf<typeof listApplications>,
    call: CallContext,
  ): Promise<OutputOf<typeof listApplications>> {
    const page = await this.applications.page(partnerOf(call), input);
    return listPage(listApplications, { ...page, data: page.data.map(presentApplication) });
  }
}
