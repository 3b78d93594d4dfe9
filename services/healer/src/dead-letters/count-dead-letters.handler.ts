import { HandleRequest } from '@gridworks/bus';
import { countDeadLetters, type OutputOf, watchDeadLetters } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { DeadLetterRepository } from './dead-letter.repository.ts';

type Counts = OutputOf<typeof countDeadLetters>;

@Controller()
export class CountDeadLettersHandler {
  constructor(private readonly letters: DeadLetterRepository) {}

  @HandleRequest(countDeadLetters)
  forPeople(): Promise<Counts> {
    return this.#count();
  }

  @HandleRequest(watchDeadLetters)
  forMonitor(): Promise<Counts> {
    return this.#count();
  }

  async #count(): Promise<Counts> {
    const observed_at = new Date().toISOString();
    return { observed_at, consumers: await this.letters.counts() };
  }
}
