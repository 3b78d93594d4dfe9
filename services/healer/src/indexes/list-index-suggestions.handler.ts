import { HandleRequest } from '@gridworks/bus';
import { type IndexSuggestions, listIndexSuggestions, lookForIndexes } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { IndexSuggestionRepository } from './index-suggestion.repository.ts';
import { IndexLook } from './look-for-indexes.ts';

@Controller()
export class ListIndexSuggestionsHandler {
  constructor(
    private readonly suggestions: IndexSuggestionRepository,
    private readonly look: IndexLook,
  ) {}

  @HandleRequest(listIndexSuggestions)
  async list(): Promise<IndexSuggestions> {
    return { looks: this.look.looks(), suggestions: await this.suggestions.list() };
  }

  @HandleRequest(lookForIndexes)
  async now(): Promise<IndexSuggestions> {
    await this.look.now();
    return this.list();
  }
}
