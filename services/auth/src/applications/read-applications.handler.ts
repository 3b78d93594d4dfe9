import { HandleRequest } from '@gridworks/bus';
import {
  APPLICATION_NOT_FOUND,
  AppError,
  getApplication,
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
export class ReadApplicationsHandler {
  constructor(private readonly applications: ApplicationRepository) {}

  @HandleRequest(listApplications)
  async list(
    input: ParsedInputOf<typeof listApplications>,
    call: CallContext,
  ): Promise<OutputOf<typeof listApplications>> {
    const page = await this.applications.page(partnerOf(call), input);
    return listPage(listApplications, { ...page, data: page.data.map(presentApplication) });
  }

  /** A foreign and a missing application give the same response, to the byte. */
  @HandleRequest(getApplication)
  async get(
    { id }: ParsedInputOf<typeof getApplication>,
    call: CallContext,
  ): Promise<OutputOf<typeof getApplication>> {
    const found = await this.applications.find(partnerOf(call), id);
    if (!found) throw new AppError(APPLICATION_NOT_FOUND);
    return presentApplication(found);
  }
}
