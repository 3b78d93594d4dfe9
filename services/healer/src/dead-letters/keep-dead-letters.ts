import { Bus } from '@gridworks/bus';
import { DEAD_LETTER_CONSUMER } from '@gridworks/contracts';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DeadLetterRepository } from './dead-letter.repository.ts';

/** Copies every dead letter from its stream, which keeps it for 30 days, to PostgreSQL. */
@Injectable()
export class DeadLetterKeeper implements OnApplicationBootstrap {
  constructor(
    private readonly bus: Bus,
    private readonly letters: DeadLetterRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.bus.consumeDeadLetters(DEAD_LETTER_CONSUMER, (copy) => this.letters.keep(copy));
  }
}
