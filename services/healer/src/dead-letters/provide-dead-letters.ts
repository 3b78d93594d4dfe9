import type { Provider } from '@nestjs/common';
import { ConsumerPresence } from './consumer-presence.ts';
import { CountDeadLettersHandler } from './count-dead-letters.handler.ts';
import { DeadLetterRepository } from './dead-letter.repository.ts';
import { DeadLetterWorker } from './dead-letter-worker.ts';
import { DiscardDeadLettersHandler } from './discard-dead-letters.handler.ts';
import { DueLettersRepository } from './due-letters.repository.ts';
import { GetDeadLetterHandler } from './get-dead-letter.handler.ts';
import { DeadLetterKeeper } from './keep-dead-letters.ts';
import { ListDeadLettersHandler } from './list-dead-letters.handler.ts';
import { ReplayDeadLettersHandler } from './replay-dead-letters.handler.ts';

/** The handlers of dead letters. */
export const deadLetterControllers = [
  ListDeadLettersHandler,
  GetDeadLetterHandler,
  CountDeadLettersHandler,
  ReplayDeadLettersHandler,
  DiscardDeadLettersHandler,
];

/** What they need, the intake from the stream, and the worker. Needs `Bus`, `Database`, `LOGGER`. */
export const deadLetterProviders: Provider[] = [
  DeadLetterRepository,
  DueLettersRepository,
  ConsumerPresence,
  DeadLetterWorker,
  DeadLetterKeeper,
];
