import { Bus } from '@gridworks/bus';
import { EVENTS } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import type { EventLogReading } from './event-log.ts';
import { consumerInfo, deadLetterInfo } from './jetstream.request.ts';

const DEADLINE_MS = 2000;

/** Reads what JetStream says about dead letters and about the consumers that the contracts declare. */
@Injectable()
export class EventLogCheck {
  readonly #consumers = [...new Set(EVENTS.flatMap(({ consumers }) => consumers))];

  constructor(private readonly bus: Bus) {}

  /** Throws while the bus or JetStream is away. A consumer that does not exist yet is left out. */
  async read(): Promise<EventLogReading> {
    const options = { deadlineMs: DEADLINE_MS };
    const { state } = await this.bus.request(deadLetterInfo, { subjects_filter: 'dead.>' }, options);
    const pending: Record<string, number> = {};
    for (const consumer of this.#consumers) {
      const info = await this.bus.request(consumerInfo(consumer), {}, options).catch(() => null);
      if (info) pending[consumer] = info.num_pending;
    }
    return { deadLetters: { lastSequence: state.last_seq, bySubject: state.subjects ?? {} }, pending };
  }
}
