import { DEAD_LETTER_STREAM, EVENT_STREAM, EVENTS } from '@gridworks/contracts';
import { isMissing, type StoreApi } from '../connection/store-api.ts';
import { unavailable } from '../wire/error-envelope.ts';

/** The lag of one durable consumer. */
export interface ConsumerLag {
  readonly consumer: string;
  /** Events that were not delivered yet. */
  readonly pending: number;
  /** Events that were delivered and not acknowledged, including those that pause between attempts. */
  readonly unacknowledged: number;
}

export interface Backlog {
  /** The consumers of the contracts that exist on the server. */
  readonly consumers: readonly ConsumerLag[];
  /** Events in the dead letters. */
  readonly deadLetters: number;
  /** Dead letters by subject (`dead.event.…`). */
  readonly deadLettersBySubject: Readonly<Record<string, number>>;
  /** The number of dead letters ever stored. */
  readonly lastDeadLetter: number;
}

/** The two streams of the system, which the provisioner creates. */
export class EventStreams {
  readonly #store: StoreApi;

  constructor(store: StoreApi) {
    this.#store = store;
  }

  /**
   * Resolves once events can be stored. Throws UNAVAILABLE when the provisioner does not create the stream in
   * time.
   */
  async ready(): Promise<void> {
    await this.#store.untilThere(EVENT_STREAM.name);
  }

  /** Throws UNAVAILABLE when JetStream does not respond. */
  async backlog(): Promise<Backlog> {
    const names = EVENTS.flatMap(({ consumers }) => consumers);
    try {
      const [dead, ...lags] = await Promise.all([
        this.#store.streamInfo(DEAD_LETTER_STREAM.name, 'dead.>'),
        ...names.map((name) => this.#lagOf(name)),
      ]);
      return {
        consumers: lags.filter((lag) => lag !== null),
        deadLetters: dead.state.messages,
        deadLettersBySubject: dead.state.subjects ?? {},
        lastDeadLetter: dead.state.last_seq,
      };
    } catch (cause) {
      throw unavailable('JetStream does not respond', cause);
    }
  }

  async #lagOf(consumer: string): Promise<ConsumerLag | null> {
    try {
      const info = await this.#store.consumerInfo(EVENT_STREAM.name, consumer);
      return { consumer, pending: info.num_pending, unacknowledged: info.num_ack_pending };
    } catch (error) {
      // The provisioner has not created the consumer yet.
      if (isMissing(error)) return null;
      throw error;
    }
  }
}
