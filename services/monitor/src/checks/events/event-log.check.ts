import { Bus, type ConsumerLag, type StreamUse } from '@gridworks/bus';
import { type DeadLetterCount, watchDeadLetters } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';

/** The state of the streams at one moment. */
export interface EventLogReading {
  /** Sequence of the last dead letter, and the number of dead letters by subject (`dead.event.…`). */
  readonly deadLetters: {
    readonly lastSequence: number;
    readonly bySubject: Readonly<Record<string, number>>;
  };
  /** Dead letters that nobody has decided about, by consumer, as the healer counts them; null: unknown. */
  readonly waiting: readonly DeadLetterCount[] | null;
  readonly consumers: readonly ConsumerLag[];
  readonly streams: readonly StreamUse[];
  /** Unread events by durable consumer. */
  readonly pending: Readonly<Record<string, number>>;
}

const HEALER_MS = 500;

/** Reads from JetStream the dead letters and the state of the consumers that the contracts declare. */
@Injectable()
export class EventLogCheck {
  constructor(private readonly bus: Bus) {}

  /**
   * Throws while the bus or JetStream is away. A consumer that does not exist yet is left out.
   * @param healerIsThere a request to a healer that is away would only be a second report of that
   */
  async read(healerIsThere: boolean): Promise<EventLogReading> {
    const [backlog, waiting] = await Promise.all([
      this.bus.backlog(),
      healerIsThere ? this.#waiting() : null,
    ]);
    const { consumers, deadLettersBySubject, lastDeadLetter, streams } = backlog;
    return {
      deadLetters: { lastSequence: lastDeadLetter, bySubject: deadLettersBySubject },
      waiting,
      consumers,
      streams,
      pending: Object.fromEntries(consumers.map(({ consumer, pending }) => [consumer, pending])),
    };
  }

  async #waiting(): Promise<readonly DeadLetterCount[] | null> {
    try {
      return (await this.bus.request(watchDeadLetters, {}, { deadlineMs: HEALER_MS })).consumers;
    } catch {
      // Its database is away, for instance, which has a signal of its own.
      return null;
    }
  }
}
