import { DEAD_LETTER_STREAM, EVENT_STREAM, EVENTS } from '@gridworks/contracts';
import { isMissing, type StoreApi, type StreamInfo } from '../connection/store-api.ts';
import { unavailable } from '../wire/error-envelope.ts';

/** The lag of one durable consumer. */
export interface ConsumerLag {
  readonly consumer: string;
  /** Events that were not delivered yet. */
  readonly pending: number;
  /** Events that were delivered and not acknowledged, including those that pause between attempts. */
  readonly unacknowledged: number;
  /** Of those, events that were delivered more than once. */
  readonly redelivered: number;
  /** Position in the stream of the last event that was delivered. */
  readonly delivered: number;
}

/** How full a stream is. */
export interface StreamUse {
  readonly stream: string;
  readonly bytes: number;
  /** The limit; a stream without one has -1. */
  readonly maxBytes: number;
  /** Position of the last message that was stored. */
  readonly lastSequence: number;
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
  /** The stream of events and the stream of dead letters. */
  readonly streams: readonly StreamUse[];
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
      const [events, dead, ...lags] = await Promise.all([
        this.#store.streamInfo(EVENT_STREAM.name),
        this.#store.streamInfo(DEAD_LETTER_STREAM.name, 'dead.>'),
        ...names.map((name) => this.#lagOf(name)),
      ]);
      return {
        consumers: lags.filter((lag) => lag !== null),
        deadLetters: dead.state.messages,
        deadLettersBySubject: dead.state.subjects ?? {},
        lastDeadLetter: dead.state.last_seq,
        streams: [useOf(EVENT_STREAM.name, events), useOf(DEAD_LETTER_STREAM.name, dead)],
      };
    } catch (cause) {
      throw unavailable('JetStream does not respond', cause);
    }
  }

  async #lagOf(consumer: string): Promise<ConsumerLag | null> {
    try {
      const info = await this.#store.consumerInfo(EVENT_STREAM.name, consumer);
      return {
        consumer,
        pending: info.num_pending,
        unacknowledged: info.num_ack_pending,
        redelivered: info.num_redelivered,
        delivered: info.delivered.stream_seq,
      };
    } catch (error) {
      // The provisioner has not created the consumer yet.
      if (isMissing(error)) return null;
      throw error;
    }
  }
}

const useOf = (stream: string, { config, state }: StreamInfo): StreamUse => ({
  stream,
  bytes: state.bytes,
  maxBytes: config.max_bytes,
  lastSequence: state.last_seq,
});
