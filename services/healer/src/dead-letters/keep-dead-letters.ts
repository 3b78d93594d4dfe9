import { Bus, type DeadLetterCopy } from '@gridworks/bus';
import { AppError, DEAD_LETTER_CONSUMER, UNAVAILABLE } from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DeadLetterRepository } from './dead-letter.repository.ts';

/** How long it counts as known how many letters there are, in milliseconds. */
const COUNT_EVERY_MS = 1000;
const MOST_BYTES = 1024 ** 3;

/**
 * Copies every dead letter from its stream, which keeps it for 30 days, to PostgreSQL. While too many wait for
 * a decision there, the others stay in the stream, which drops its oldest: a flood of events that nobody can
 * process must not fill the disk of the database.
 */
@Injectable()
export class DeadLetterKeeper implements OnApplicationBootstrap {
  #counted: Promise<{ letters: number; bytes: number }> | undefined;
  #countedAt = 0;
  /** Letters that were kept since they were counted. */
  #keptSince = 0;

  constructor(
    private readonly bus: Bus,
    private readonly letters: DeadLetterRepository,
    @Inject(CONFIG) private readonly config: { readonly HEALER_DEAD_LETTERS_MAX: number },
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.bus.consumeDeadLetters(DEAD_LETTER_CONSUMER, (copy) => this.#keep(copy));
  }

  async #keep(copy: DeadLetterCopy): Promise<void> {
    if (!(await this.#hasRoom())) {
      const detail = 'Too many dead letters wait for a decision; further ones stay in the stream';
      throw new AppError(UNAVAILABLE, { detail });
    }
    await this.letters.keep(copy);
    this.#keptSince++;
  }

  async #hasRoom(): Promise<boolean> {
    const now = performance.now();
    if (this.#counted === undefined || now - this.#countedAt > COUNT_EVERY_MS) {
      this.#countedAt = now;
      this.#keptSince = 0;
      this.#counted = this.letters.size();
    }
    const { bytes, letters } = await this.#counted;
    return letters + this.#keptSince < this.config.HEALER_DEAD_LETTERS_MAX && bytes < MOST_BYTES;
  }
}
