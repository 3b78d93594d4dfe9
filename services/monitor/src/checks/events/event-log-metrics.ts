import { gauge } from '@gridworks/observability';
import type { EventLogReading } from './event-log.check.ts';

const pending = gauge('monitor_consumer_pending_events', 'Events that a consumer has not read', ['consumer']);
const unacknowledged = gauge(
  'monitor_consumer_unacknowledged_events',
  'Events that were delivered to a consumer and not acknowledged',
  ['consumer'],
);
const redelivered = gauge(
  'monitor_consumer_redelivered_events',
  'Events that were delivered to a consumer more than once and not acknowledged',
  ['consumer'],
);
const waitingLetters = gauge(
  'monitor_dead_letters_waiting',
  'Events that a consumer gave up and that nobody has decided about',
  ['consumer'],
);
const bytes = gauge('monitor_stream_bytes', 'Bytes that a stream holds', ['stream']);
const limit = gauge('monitor_stream_limit_bytes', 'Bytes that a stream may hold', ['stream']);

/** Shows a reading of the streams as metrics. What is unknown keeps its last value. */
export class EventLogMetrics {
  readonly #withLetters = new Set<string>();

  update({ consumers, streams, waiting }: EventLogReading): void {
    for (const lag of consumers) {
      pending.labels(lag.consumer).set(lag.pending);
      unacknowledged.labels(lag.consumer).set(lag.unacknowledged);
      redelivered.labels(lag.consumer).set(lag.redelivered);
    }
    for (const one of streams) {
      bytes.labels(one.stream).set(one.bytes);
      limit.labels(one.stream).set(one.maxBytes);
    }
    if (waiting === null) return;
    const counts = new Map(waiting.map((one) => [one.consumer, one.waiting + one.replaying]));
    for (const consumer of counts.keys()) this.#withLetters.add(consumer);
    for (const consumer of this.#withLetters) waitingLetters.labels(consumer).set(counts.get(consumer) ?? 0);
  }
}
