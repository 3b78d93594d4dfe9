import {
  BUCKETS,
  DEAD_LETTER_STREAM,
  EVENT_STREAM,
  EVENTS,
  type EventContract,
  type ServiceName,
} from '@gridworks/contracts';

/** The NATS user that alone may make streams, buckets and consumers. No service is it. */
export const PROVISIONER = 'provisioner';
export type NatsUser = ServiceName | typeof PROVISIONER;

export interface StreamLimits {
  /** Bytes of events kept; when they are full, publishing fails cleanly and reading goes on. 1 GiB. */
  readonly eventBytes?: number;
  /** Bytes of dead letters kept; the oldest go first. 128 MiB. */
  readonly deadLetterBytes?: number;
  /** Copies of each message in a cluster. 1. */
  readonly replicas?: number;
}

export interface PlanOptions {
  readonly limits?: StreamLimits;
  /** Events beyond those of the contracts, for specs. */
  readonly events?: readonly EventContract[];
  /** See `ACK_WAIT_MS`. */
  readonly ackWaitMs?: number;
}

/** What JetStream has to hold: plain JSON, as its API takes it. */
export interface ProvisionPlan {
  readonly streams: readonly { readonly name: string; readonly config: Readonly<Record<string, unknown>> }[];
  readonly consumers: readonly {
    readonly stream: string;
    readonly name: string;
    readonly filter: string;
    readonly config: Readonly<Record<string, unknown>>;
  }[];
}

/**
 * The server gives an event to another process when its holder is silent for so long; a holder that works says so
 * every third of it. Short, since nothing else happens to the event of a process that died.
 */
export const ACK_WAIT_MS = 3000;

const BUCKET_BYTES = 16 * 1024 ** 2;
const HOUR_MS = 3_600_000;
const bucketEntries: [string, { ttlMs: number; maxBytes?: number }][] = Object.entries(BUCKETS);
const nanos = (ms: number): number => ms * 1_000_000;

/** The streams, buckets and durable consumers that the contracts name. */
export function provisionPlan(options: PlanOptions = {}): ProvisionPlan {
  const { limits = {}, events = [], ackWaitMs = ACK_WAIT_MS } = options;
  const common = { storage: 'file', retention: 'limits', num_replicas: limits.replicas ?? 1 };
  const streams = [
    {
      ...common,
      name: EVENT_STREAM.name,
      subjects: [...EVENT_STREAM.subjects],
      max_bytes: limits.eventBytes ?? 1024 ** 3,
      // Full means "no" to the publisher, whose outbox waits; old events are not thrown away for new ones.
      discard: 'new',
      // Consumed events stay until then. An outbox keeps what a consumer has not confirmed, and replays it.
      max_age: nanos(72 * HOUR_MS),
      duplicate_window: nanos(120_000),
    },
    {
      ...common,
      name: DEAD_LETTER_STREAM.name,
      subjects: [...DEAD_LETTER_STREAM.subjects],
      max_bytes: limits.deadLetterBytes ?? 128 * 1024 ** 2,
      discard: 'old',
      max_age: nanos(30 * 24 * HOUR_MS),
      duplicate_window: nanos(120_000),
    },
    ...bucketEntries.map(([bucket, { ttlMs, maxBytes = BUCKET_BYTES }]) => ({
      ...common,
      name: `KV_${bucket}`,
      subjects: [`$KV.${bucket}.>`],
      max_msgs_per_subject: 1,
      max_bytes: maxBytes,
      discard: 'new',
      max_age: nanos(ttlMs),
      duplicate_window: nanos(120_000),
      allow_rollup_hdrs: true,
      deny_delete: true,
      // Reads by the leader, so that what was just written is what is read.
      allow_direct: false,
    })),
  ];
  const consumers = [...EVENTS, ...events].flatMap(({ subject, consumers: names }) =>
    names.map((name) => ({
      stream: EVENT_STREAM.name,
      name,
      filter: subject,
      config: {
        name,
        durable_name: name,
        filter_subject: subject,
        ack_policy: 'explicit',
        deliver_policy: 'all',
        replay_policy: 'instant',
        ack_wait: nanos(ackWaitMs),
        // Attempts are counted by the consumer: what the server gives up stays in the stream and nobody hears of it.
        max_deliver: -1,
        // Messages that pause between attempts count too; they must not keep others out.
        max_ack_pending: 20_000,
      },
    })),
  );
  return { streams: streams.map((config) => ({ name: config.name, config })), consumers };
}
