import { describe, expect, it } from '@jest/globals';
import type { EventLogReading } from '../checks/event-log.check.ts';
import { EventLog } from './event-log.ts';

const reading = (dead: number, pending: number): EventLogReading => ({
  deadLetters: { lastSequence: dead, bySubject: dead ? { 'dead.event.gateway.usage.recorded': dead } : {} },
  pending: { 'billing_record-usage': pending },
});

describe('EventLog', () => {
  it('reports nothing that was there before the first reading', () => {
    expect(new EventLog().update(reading(7, 5000), 0)).toEqual([]);
  });

  it('reports new dead letters, by the service that gave them up', () => {
    const log = new EventLog();
    log.update(reading(1, 0), 0);
    expect(log.update(reading(1, 0), 5000)).toEqual([]);
    expect(log.update(reading(3, 0), 10_000)).toMatchObject([
      {
        signal: 'dead-letters.present',
        target: { kind: 'service', name: 'billing', process: 'billing' },
        evidence: { dead: 3, new: 2 },
      },
    ]);
  });

  it('reports a consumer that falls behind, and not one that catches up', () => {
    const log = new EventLog();
    log.update(reading(0, 900), 0);
    expect(log.update(reading(0, 1500), 5000)).toMatchObject([
      { signal: 'consumer.lagging', evidence: { pending: 1500 } },
    ]);
    expect(log.update(reading(0, 1400), 10_000)).toEqual([]);
  });
});
