import { Bus } from '@gridworks/bus';
import { Injectable } from '@nestjs/common';

/** The state of the streams at one moment. */
export interface EventLogReading {
  /** Sequence of the last dead letter, and the number of dead letters by subject (`dead.event.…`). */
  readonly deadLetters: {
    readonly lastSequence: number;
    readonly bySubject: Readonly<Record<string, number>>;
  };
  /** Unread events by durable consumer. */
  readonly pending: Readonly<Record<string, number>>;
}

/** Reads from JetStream the dead letters and the state of the consumers that the contracts declare. */
@Injectable()
export class EventLogCheck {
  constructor(private readonly bus: Bus) {}

  /** Throws while the bus or JetStream is away. A consumer that does not exist yet is left out. */
  async read(): Promise<EventLogReading> {
    const { consumers, deadLettersBySubject, lastDeadLetter } = await this.bus.backlog();
    return {
      deadLetters: { lastSequence: lastDeadLetter, bySubject: deadLettersBySubject },
      pending: Object.fromEntries(consumers.map(({ consumer, pending }) => [consumer, pending])),
    };
  }
}
