import { HandleRequest } from '@gridworks/bus';
import { listPage, listPartners, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { DirectoryRepository } from './directory.repository.ts';
import { PartnerFigures } from './partner-figures.ts';

@Controller()
export class ListPartnersHandler {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly figures: PartnerFigures,
  ) {}

  @HandleRequest(listPartners)
  async list(input: ParsedInputOf<typeof listPartners>): Promise<OutputOf<typeof listPartners>> {
    const page = await this.directory.partners(input);
    return listPage(listPartners, { ...page, data: await this.figures.present(page.data) });
  }
}
