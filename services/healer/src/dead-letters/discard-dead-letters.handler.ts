import { HandleRequest } from '@gridworks/bus';
import {
  actorOf,
  type DeadLetter,
  discardDeadLetter,
  discardDeadLetters,
  type OutputOf,
  type ParsedInputOf,
} from '@gridworks/contracts';
import type { CallContext, Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { DeadLetterRepository } from './dead-letter.repository.ts';
import { DeadLetterWorker } from './dead-letter-worker.ts';

/** Stores who discarded letters; they are entered in the inbox of their consumer in the background. */
@Controller()
export class DiscardDeadLettersHandler {
  constructor(
    private readonly letters: DeadLetterRepository,
    private readonly worker: DeadLetterWorker,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @HandleRequest(discardDeadLetter)
  async one({ id }: ParsedInputOf<typeof discardDeadLetter>, call: CallContext): Promise<DeadLetter> {
    const letter = await this.letters.discard(id, actorOf(call));
    this.#begin({ consumer: letter.consumer, letter: id }, call);
    return letter;
  }

  @HandleRequest(discardDeadLetters)
  async all(
    { consumer }: ParsedInputOf<typeof discardDeadLetters>,
    call: CallContext,
  ): Promise<OutputOf<typeof discardDeadLetters>> {
    const discarded = await this.letters.discardAll(consumer, actorOf(call));
    this.#begin(discarded, call);
    return discarded;
  }

  #begin(what: object, call: CallContext): void {
    this.logger.log('dead_letter.decided', { decision: 'discard', by: actorOf(call), ...what });
    this.worker.nudge();
  }
}
