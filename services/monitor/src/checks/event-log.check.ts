import { Bus } from '@gridworks/bus';
import { Injectable } from '@nestjs/common';
import type { EventLogReading } from './event-log.ts';

/** Reads what JetStream says about dead letters and about the consumers that the contracts declare. */
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
