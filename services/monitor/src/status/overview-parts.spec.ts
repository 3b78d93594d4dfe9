import { describe, expect, it } from '@jest/globals';
import type { SystemHealth } from '../health/system-health.ts';
import { eventsPart, healthPart } from './overview-parts.ts';

const at = Date.UTC(2026, 10, 28, 12);
const observed_at = new Date(at).toISOString();

const pulse = (service: 'auth' | 'billing', outbox_waiting: number) => {
  const postgres = {
    name: 'postgres',
    critical: true,
    status: 'up',
    connections_lost: 0,
    boot: null,
  } as const;
  return { service, dependencies: [{ ...postgres, outbox_waiting }] };
};

describe('the parts of the overview that monitor knows itself', () => {
  it('name what does not pass, also what is unknown', () => {
    const check = (component: string, status: 'pass' | 'fail' | 'unknown') => ({
      ...{ component, status, observed_at, latency_ms: null, detail: null },
    });
    const health: SystemHealth = {
      ...{ object: 'system_health', status: 'fail', observed_at, instances: [] },
      checks: [
        check('service:auth', 'pass'),
        check('service:billing', 'fail'),
        check('server:nats', 'unknown'),
      ],
    };
    expect(healthPart(health)).toEqual({
      ...{ status: 'fail', observed_at, components: 3 },
      impaired: [
        { component: 'service:billing', status: 'fail' },
        { component: 'server:nats', status: 'unknown' },
      ],
    });
  });

  it('sum up what waits, the longest queue first', () => {
    const pending = { billing_open: 2, 'healer_record-incident': 0, billing_record: 5 };
    const deadLetters = { lastSequence: 9, bySubject: { 'dead.event.a': 1, 'dead.event.b': 3 } };
    const pulses = [
      pulse('auth', 0),
      pulse('billing', 5),
      pulse('billing', 4),
      { service: 'gateway' as const, dependencies: [] },
    ];
    const waiting = [
      { consumer: 'billing_open', service: 'billing' as const, waiting: 1, replaying: 1, oldest_at: '' },
    ];
    expect(eventsPart({ pending, deadLetters, waiting, at }, [])).toMatchObject({ dead_letters: 2 });
    expect(eventsPart({ pending, deadLetters, waiting: null, at }, pulses)).toEqual({
      ...{ unread: 7, dead_letters: 4, observed_at },
      // Instances of one service share its outbox; the gateway has none.
      outboxes: [
        { service: 'billing', waiting: 5 },
        { service: 'auth', waiting: 0 },
      ],
      consumers: [
        { consumer: 'billing_record', unread: 5 },
        { consumer: 'billing_open', unread: 2 },
      ],
    });
  });

  it('are unknown before the streams were read, not zero', () => expect(eventsPart(null, [])).toBeNull());
});
