import { EVENTS, SERVICES, type ServiceName, type Target } from '@gridworks/contracts';
import type { EventLogReading } from '../checks/event-log.check.ts';
import type { Condition } from './condition.ts';

/** A consumer with at least this many unread events, which do not become fewer, counts as lagging. */
export const LAGGING_FROM = 1000;

/** Compares the state of the streams with the one before. Reads no clock. */
export class EventLog {
  #last: EventLogReading | null = null;

  /** The faults since the last reading; none at the first. `now` in epoch ms. */
  update(reading: EventLogReading, now: number): Condition[] {
    const before = this.#last;
    this.#last = reading;
    if (!before) return [];
    return [...newDeadLetters(before, reading, now), ...lagging(before, reading, now)];
  }
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

/** `billing_record-usage` → billing. */
function targetOf(consumer: string): Target | null {
  const name = SERVICES.find((service): service is ServiceName => consumer.startsWith(`${service}_`));
  return name ? { kind: 'service', name, process: name } : null;
}
