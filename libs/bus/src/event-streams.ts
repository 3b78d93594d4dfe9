import { DEAD_LETTER_STREAM, EVENT_STREAM } from '@gridworks/contracts';
import { JetStreamApiError, type JetStreamManager, type StreamConfig } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

export interface StreamLimits {
  /** Bytes of events kept; when they are full, publishing fails cleanly and reading goes on. 1 GiB. */
  readonly eventBytes?: number;
  /** Bytes of dead letters kept; the oldest go first. 128 MiB. */
  readonly deadLetterBytes?: number;
  /** Copies of each message in a cluster. 1. */
  readonly replicas?: number;
}

const hour = 3_600_000;
const nameInUse = 10058;

function configs(limits: StreamLimits): Partial<StreamConfig>[] {
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
  readonly #configs: Partial<StreamConfig>[];
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

  async #ensure(): Promise<void> {
    for (const config of this.#configs) {
      try {
        await this.#jsm.streams.add(config as StreamConfig & { name: string });
      } catch (error) {
        if (!(error instanceof JetStreamApiError && error.code === nameInUse)) throw error;
      }
    }
  }
}
