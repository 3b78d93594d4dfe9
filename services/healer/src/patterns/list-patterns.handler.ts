import { HandleRequest } from '@gridworks/bus';
import { listPage, listPatterns, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { PatternRepository } from './pattern.repository.ts';
import { describePattern } from './pattern.ts';

@Controller()
export class ListPatternsHandler {
  constructor(private readonly patterns: PatternRepository) {}

  @HandleRequest(listPatterns)
  async handle(query: ParsedInputOf<typeof listPatterns>): Promise<OutputOf<typeof listPatterns>> {
    const { data, has_more } = await this.patterns.page(query);
    const now = Date.now();
    return listPage(listPatterns, { has_more, data: data.map((record) => describePattern(record, now)) });
  }
}
