import { DEAD_LETTER_STREAM, EVENT_STREAM, EVENTS } from '@gridworks/contracts';
import { JetStreamApiError, type JetStreamManager, type StreamConfig } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { unavailable } from './error-envelope.ts';

export interface StreamLimits {
  /** Bytes of events kept; when they are full, publishing fails cleanly and reading goes on. 1 GiB. */
  readonly eventBytes?: number;
  /** Bytes of dead letters kept; the oldest go first. 128 MiB. */
  readonly deadLetterBytes?: number;
  /** Copies of each message in a cluster. 1. */
  readonly replicas?: number;
}

/** Of one durable consumer. */
export interface ConsumerLag {
  readonly consumer: string;
  /** Events that it was not given yet. */
  readonly pending: number;
  /** Events that it was given and has not acknowledged, those that pause between attempts among them. */
  readonly unacknowledged: number;
}

export interface Backlog {
  /** The consumers of the contracts that exist. */
  readonly consumers: readonly ConsumerLag[];
  /** Events in the dead letters. */
  readonly deadLetters: number;
}

const hour = 3_600_000;
const streamNotFound = 10059;
const consumerNotFound = 10014;

type NamedStreamConfig = Partial<StreamConfig> & { readonly name: string };

function configs(limits: StreamLimits): NamedStreamConfig[] {
  const common = { storage: 'file', retention: 'limits', num_replicas: limits.replicas ?? 1 } as const;
  return [
    {
      ...common,
      name: EVENT_STREAM.name,
      subjects: [...EVENT_STREAM.subjects],
      max_bytes: limits.eventBytes ?? 1024 ** 3,
      // Full means "no" to the publisher, whose outbox waits; old events are not thrown away for new ones.
      discard: 'new',
      // Consumed events stay until then. An outbox keeps what a consumer has not confirmed, and replays it.
      max_age: nanos(72 * hour),
      duplicate_window: nanos(120_000),
    },
    {
      ...common,
      name: DEAD_LETTER_STREAM.name,
      subjects: [...DEAD_LETTER_STREAM.subjects],
      max_bytes: limits.deadLetterBytes ?? 128 * 1024 ** 2,
      discard: 'old',
      max_age: nanos(30 * 24 * hour),
      duplicate_window: nanos(120_000),
    },
  ];
}

/** The two streams of the system. Any service makes them when they are missing: at its start, or after a power cut. */
export class EventStreams {
  readonly #jsm: JetStreamManager;
  readonly #configs: NamedStreamConfig[];
  #running: Promise<void> | undefined;

  constructor(jsm: JetStreamManager, limits: StreamLimits = {}) {
    this.#jsm = jsm;
    this.#configs = configs(limits);
  }

  /** Makes what is missing; leaves alone what exists in another shape. Callers at the same time share one run. */
  ensure(): Promise<void> {
    this.#running ??= this.#ensure().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Throws UNAVAILABLE when JetStream does not answer. */
  async backlog(): Promise<Backlog> {
    const names = EVENTS.flatMap(({ consumers }) => consumers);
    try {
      const [dead, ...lags] = await Promise.all([
        this.#jsm.streams.info(DEAD_LETTER_STREAM.name),
        ...names.map((name) => this.#lagOf(name)),
      ]);
      return { consumers: lags.filter((lag) => lag !== null), deadLetters: dead.state.messages };
    } catch (cause) {
      throw unavailable('JetStream does not answer', cause);
    }
  }

  async #lagOf(consumer: string): Promise<ConsumerLag | null> {
    try {
      const info = await this.#jsm.consumers.info(EVENT_STREAM.name, consumer);
      return { consumer, pending: info.num_pending, unacknowledged: info.num_ack_pending };
    } catch (error) {
      // Its service has never run.
      if (error instanceof JetStreamApiError && error.code === consumerNotFound) return null;
      throw error;
    }
  }

  async #ensure(): Promise<void> {
    for (const config of this.#configs) {
      if (await this.#exists(config.name)) continue;
      try {
        await this.#jsm.streams.add(config);
      } catch (error) {
        // Another service was quicker. What the server says then depends on its limits, so look again.
        if (!(await this.#exists(config.name))) throw error;
      }
    }
  }

  async #exists(stream: string): Promise<boolean> {
    try {
      await this.#jsm.streams.info(stream);
      return true;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === streamNotFound) return false;
      throw error;
    }
  }
}
