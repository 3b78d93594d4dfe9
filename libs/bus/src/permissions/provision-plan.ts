import {
  BUCKETS,
  DEAD_LETTER_CONSUMER,
  DEAD_LETTER_STREAM,
  EVENT_STREAM,
  EVENTS,
  type EventContract,
  type ServiceName,
} from '@gridworks/contracts';

/** The only NATS user that may create streams, buckets and consumers. It belongs to no service. */
export const PROVISIONER = 'provisioner';
export type NatsUser = ServiceName | typeof PROVISIONER;

export interface StreamLimits {
  /**
   * Bytes of events that are kept. When they are used up, publishing fails with an error and reading
   * continues. Default 1 GiB.
   */
  readonly eventBytes?: number;
  /** Bytes of dead letters that are kept; the oldest are removed first. Default 128 MiB. */
  readonly deadLetterBytes?: number;
  /** Copies of each message in a cluster. Default 1. */
  readonly replicas?: number;
}

export interface PlanOptions {
  readonly limits?: StreamLimits;
  /** Additional events beside those of the contracts, for specs. */
  readonly events?: readonly EventContract[];
  /** See `ACK_WAIT_MS`. */
  readonly ackWaitMs?: number;
}

/** The streams, buckets and consumers that JetStream needs: plain JSON, in the form of JetStream's API. */
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
 * The server gives an event to another process when the process that holds it is silent for this long; a
 * process that works on an event reports progress every third of this time. Short, since nothing else rescues
 * the event of a process that died.
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
      // A full stream refuses new events, and the outbox of the publisher waits; old events are not deleted
      // for new ones.
      discard: 'new',
      // Consumed events are kept this long. An outbox keeps events that a consumer has not confirmed, and
      // replays them.
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
      // The leader serves reads, so that a read returns the latest write.
      allow_direct: false,
    })),
  ];
  const durable = [
    ...[...EVENTS, ...events].flatMap(({ subject, consumers: names }) =>
      names.map((name) => ({ stream: EVENT_STREAM.name, name, subject })),
    ),
    { stream: DEAD_LETTER_STREAM.name, name: DEAD_LETTER_CONSUMER, subject: DEAD_LETTER_STREAM.subjects[0] },
  ];
  const consumers = durable.map(({ stream, name, subject }) => ({
    stream,
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
      // The consumer counts attempts: when the server gives up a message, it stays in the stream and
      // nothing reports it.
      max_deliver: -1,
      // Messages that pause between attempts count too; they must not block others.
      max_ack_pending: 20_000,
    },
  }));
  return { streams: streams.map((config) => ({ name: config.name, config })), consumers };
}
