import { describe, expect, it } from '@jest/globals';
import type { EventLogReading } from '../checks/events/event-log.check.ts';
import { EventLog } from './event-log.ts';

const reading = (dead: number, pending: number, more: Partial<EventLogReading> = {}): EventLogReading => ({
  deadLetters: { lastSequence: dead, bySubject: dead ? { 'dead.event.gateway.usage.recorded': dead } : {} },
  pending: { 'billing_record-usage': pending },
  ...{ consumers: [], streams: [], waiting: null, ...more },
});
const OLDEST_AT = '2026-11-29T12:00:00.000Z';
const waiting = (count: number, consumer = 'billing_open-account') => ({
  ...{ consumer, service: 'billing' as const, waiting: count, replaying: 0, oldest_at: OLDEST_AT },
});
const full = (bytes: number, stream = 'EVENTS') => ({
  streams: [{ stream, bytes, maxBytes: 100, lastSequence: 1 }],
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

  it('reports a consumer that reads none of the events that wait, and no other', () => {
    const lag = (consumer: string, pending: number, delivered: number) => ({
      ...{ consumer, pending, delivered, unacknowledged: 64, redelivered: 0 },
    });
    const at = (stuck: number, slow: number, idle: number) =>
      reading(0, 0, {
        consumers: [
          lag('billing_record-usage', stuck, 100),
          lag('support_other', 5, slow),
          lag('auth_other', 0, idle),
        ],
      });
    const log = new EventLog();
    log.update(at(0, 1, 7), 0);
    expect(log.update(at(30, 2, 7), 5000)).toEqual([]); // they may just have come
    expect(log.update(at(60, 3, 7), 10_000)).toMatchObject([
      {
        signal: 'consumer.stalled',
        target: { process: 'billing' },
        evidence: { consumer: 'billing_record-usage', pending: 60, unacknowledged: 64 },
      },
    ]);
    expect(log.update(at(0, 4, 7), 15_000)).toEqual([]);
  });

  it('reports dead letters as long as they wait, once for a service, also when the healer is away', () => {
    const log = new EventLog();
    const counts = [waiting(1, 'billing_record-usage'), waiting(3)];
    const present = [
      {
        signal: 'dead-letters.present',
        target: { kind: 'service', name: 'billing', process: 'billing' },
        beganAt: 0,
        evidence: { consumer: 'billing_open-account', waiting: 3, oldest_at: OLDEST_AT },
      },
    ];
    expect(log.update(reading(0, 0, { waiting: counts }), 0)).toMatchObject(present);
    expect(log.update(reading(0, 0, { waiting: null }), 0)).toMatchObject(present);
    expect(log.update(reading(1, 0, { waiting: counts }), 10_000)).toMatchObject([{ evidence: { new: 1 } }]);
    expect(log.update(reading(1, 0, { waiting: [] }), 15_000)).toEqual([]);
  });

  it('reports a stream of events near its limit, until it is well below', () => {
    const log = new EventLog();
    const signals = (bytes: number) => log.update(reading(0, 0, full(bytes)), 0).map(({ signal }) => signal);
    expect([79, 80, 71, 69, 79].map(signals)).toEqual([
      ...[[], ['stream.filling'], ['stream.filling'], [], []],
    ]);
    expect(log.update(reading(0, 0, full(99, 'DEAD')), 0)).toEqual([]);
    expect(log.update(reading(0, 0, full(90)), 0)).toMatchObject([
      { target: { kind: 'server', name: 'nats' }, evidence: { bytes: 90, max_bytes: 100 } },
    ]);
  });
});
