import { HandleRequest } from '@gridworks/bus';
import { listDeadLetters, listPage, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { DeadLetterRepository } from './dead-letter.repository.ts';

@Controller()
export class ListDeadLettersHandler {
  constructor(private readonly letters: DeadLetterRepository) {}

  @HandleRequest(listDeadLetters)
  async handle(query: ParsedInputOf<typeof listDeadLetters>): Promise<OutputOf<typeof listDeadLetters>> {
    return listPage(listDeadLetters, await this.letters.page(query));
  }
}
