import {
  type DeadLetterCount,
  EVENT_STREAM,
  EVENTS,
  SERVICES,
  type ServiceName,
  type Target,
} from '@gridworks/contracts';
import type { EventLogReading } from '../checks/events/event-log.check.ts';
import type { Condition } from './condition.ts';

/** A consumer with at least this many unread events, which do not become fewer, counts as lagging. */
export const LAGGING_FROM = 1000;

/**
 * The share of its limit from which the stream of events is filling, and below which it no longer is. The stream
 * of dead letters has no such signal: it drops its oldest letters, which PostgreSQL has.
 */
export const FILLING_FROM = 0.8;
export const FILLING_UNTIL = 0.7;

/** Compares the state of the streams with the one before. Reads no clock. */
export class EventLog {
  #last: EventLogReading | null = null;
  /** As the healer counted them last: letters do not go away with the healer. */
  #waiting: readonly DeadLetterCount[] = [];
  #isFilling = false;

  /** The faults now and since the last reading, which the first one does not have. `now` in epoch ms. */
  update(reading: EventLogReading, now: number): Condition[] {
    const before = this.#last;
    this.#last = reading;
    this.#waiting = reading.waiting ?? this.#waiting;
    const fresh = before ? newDeadLetters(before, reading, now) : [];
    const isNew = ({ service }: DeadLetterCount) => fresh.some(({ target }) => target.name === service);
    return [
      ...fresh,
      ...waitingDeadLetters(
        this.#waiting.filter((count) => !isNew(count)),
        now,
      ),
      ...this.#filling(reading, now),
      ...(before ? [...lagging(before, reading, now), ...stalled(before, reading, now)] : []),
    ];
  }

  #filling({ streams }: EventLogReading, now: number): Condition[] {
    const events = streams.find(({ stream }) => stream === EVENT_STREAM.name);
    if (!events || events.maxBytes <= 0) return [];
    const { bytes, maxBytes, stream } = events;
    this.#isFilling = bytes / maxBytes >= (this.#isFilling ? FILLING_UNTIL : FILLING_FROM);
    if (!this.#isFilling) return [];
    const target = { kind: 'server' as const, name: 'nats' as const, process: 'nats' };
    const evidence = { stream, bytes, max_bytes: maxBytes };
    return [{ signal: 'stream.filling', target, beganAt: now, suspects: [], evidence }];
  }
}

/** One condition for a service, about its consumer with the most letters. */
function waitingDeadLetters(counts: readonly DeadLetterCount[], now: number): Condition[] {
  const open = counts
    .filter(({ replaying, waiting }) => waiting + replaying > 0)
    .sort((one, other) => other.waiting - one.waiting);
  const firsts = new Map(open.toReversed().map((count) => [count.service, count]));
  return [...firsts.values()].map(({ consumer, oldest_at, service, waiting }) => ({
    signal: 'dead-letters.present',
    target: { kind: 'service', name: service, process: service },
    beganAt: now,
    suspects: [],
    evidence: { consumer, waiting, oldest_at },
  }));
}

function newDeadLetters(before: EventLogReading, after: EventLogReading, now: number): Condition[] {
  if (after.deadLetters.lastSequence <= before.deadLetters.lastSequence) return [];
  const grown = Object.entries(after.deadLetters.bySubject).filter(
    ([subject, count]) => count > (before.deadLetters.bySubject[subject] ?? 0),
  );
  return grown.flatMap(([subject, count]) => {
    const event = EVENTS.find((contract) => `dead.${contract.subject}` === subject);
    const [consumer] = event?.consumers ?? [];
    const target = consumer ? targetOf(consumer) : null;
    if (!target) return [];
    const evidence = { subject, dead: count, new: count - (before.deadLetters.bySubject[subject] ?? 0) };
    return [{ signal: 'dead-letters.present' as const, target, beganAt: now, suspects: [], evidence }];
  });
}

function lagging(before: EventLogReading, after: EventLogReading, now: number): Condition[] {
  return Object.entries(after.pending).flatMap(([consumer, pending]) => {
    const target = targetOf(consumer);
    const rises = pending >= (before.pending[consumer] ?? 0);
    if (!target || pending < LAGGING_FROM || !rises) return [];
    return [
      {
        signal: 'consumer.lagging' as const,
        target,
        beganAt: now,
        suspects: [],
        evidence: { consumer, pending },
      },
    ];
  });
}

/**
 * Consumers that read nothing although events wait: their handlers never end, or they ask for no events any more. One
 * condition for a service. A handler that fails is none: its event is given back, and others are read.
 */
function stalled(before: EventLogReading, after: EventLogReading, now: number): Condition[] {
  const last = new Map(before.consumers.map((one) => [one.consumer, one]));
  const conditions = after.consumers
    .filter(({ consumer, delivered, pending }) => {
      const earlier = last.get(consumer);
      return pending > 0 && earlier !== undefined && earlier.pending > 0 && earlier.delivered === delivered;
    })
    .sort((one, other) => other.pending - one.pending)
    .flatMap(({ consumer, pending, unacknowledged }): Condition[] => {
      const target = targetOf(consumer);
      const evidence = { consumer, pending, unacknowledged };
      return target ? [{ signal: 'consumer.stalled', target, beganAt: now, suspects: [], evidence }] : [];
    });
  return [...new Map(conditions.toReversed().map((one) => [one.target.name, one])).values()];
}

/** `billing_record-usage` → billing. */
function targetOf(consumer: string): Target | null {
  const name = SERVICES.find((service): service is ServiceName => consumer.startsWith(`${service}_`));
  return name ? { kind: 'service', name, process: name } : null;
}
