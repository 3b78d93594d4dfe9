import { HandleRequest } from '@gridworks/bus';
import {
  actorOf,
  type DeadLetter,
  type OutputOf,
  type ParsedInputOf,
  replayDeadLetter,
  replayDeadLetters,
} from '@gridworks/contracts';
import type { CallContext, Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { ConsumerPresence } from './consumer-presence.ts';
import { DeadLetterRepository } from './dead-letter.repository.ts';
import { DeadLetterWorker } from './dead-letter-worker.ts';

/** Stores who had letters replayed; the replay follows in the background, so that no process can lose it. */
@Controller()
export class ReplayDeadLettersHandler {
  constructor(
    private readonly letters: DeadLetterRepository,
    private readonly presence: ConsumerPresence,
    private readonly worker: DeadLetterWorker,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @HandleRequest(replayDeadLetter)
  async one({ id }: ParsedInputOf<typeof replayDeadLetter>, call: CallContext): Promise<DeadLetter> {
    const known = await this.letters.open(id);
    // The key of a call needs the transaction below even for what is refused.
    const refusal = known && (await this.presence.refusal(known.letter.consumer));
    const letter = await this.letters.replay(id, actorOf(call), refusal);
    this.#begin({ consumer: letter.consumer, letter: id }, call);
    return letter;
  }

  @HandleRequest(replayDeadLetters)
  async all(
    { consumer }: ParsedInputOf<typeof replayDeadLetters>,
    call: CallContext,
  ): Promise<OutputOf<typeof replayDeadLetters>> {
    const refusal = await this.presence.refusal(consumer);
    const replayed = await this.letters.replayAll(consumer, actorOf(call), refusal);
    this.#begin(replayed, call);
    return replayed;
  }

  #begin(what: object, call: CallContext): void {
    this.logger.log('dead_letter.decided', { decision: 'replay', by: actorOf(call), ...what });
    this.worker.nudge();
  }
}
