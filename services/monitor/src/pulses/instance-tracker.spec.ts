import type { Pulse } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { InstanceTracker } from './instance-tracker.ts';

const BEGIN = 1_800_000_000_000;
const pulse = (sequence: number): Pulse => ({
  ...{ service: 'billing', instance: 'billing', boot_id: 'b1', pid: 7, sequence, state: 'ready' },
  started_at: new Date(BEGIN).toISOString(),
  sent_at: new Date(BEGIN + sequence * 1000).toISOString(),
  ...{ health_url: 'http://127.0.0.1:1', resident_bytes: 1e8, event_loop_lag_ms: 2, in_flight: 0 },
  requests: { ok: 0, failed: 0 },
  dependencies: [],
  degraded: [],
  ...{
    machine: { name: 'portal-1', load_1m: 1, memory_free_bytes: 1, memory_total_bytes: 2 },
    contracts: [],
  },
});

describe('the figures of pulses', () => {
  it('are accepted of a confirmed instance only, and once', () => {
    const tracker = new InstanceTracker();
    const [first, second] = [pulse(1), pulse(2)];
    tracker.onPulse(first, BEGIN);
    expect(tracker.accepted(first)).toBe(false);
    tracker.probed('billing', 'b1', { http: 'pass', bus: 'pass', detail: '' }, BEGIN);
    tracker.onPulse(second, BEGIN + 1000);
    expect(tracker.accepted(second)).toBe(true);
    const late = pulse(1);
    tracker.onPulse(late, BEGIN + 1100);
    expect(tracker.accepted(late)).toBe(false);
  });

  it('are not stored with the state', () => {
    const tracker = new InstanceTracker();
    tracker.onPulse(pulse(1), BEGIN);
    tracker.probed('billing', 'b1', { http: 'pass', bus: 'pass', detail: '' }, BEGIN);
    const [stored] = tracker.remember();
    expect(stored?.pulse).toMatchObject({ instance: 'billing', resident_bytes: 1e8 });
    expect(stored?.pulse).not.toHaveProperty('contracts');
    expect(stored?.pulse).not.toHaveProperty('machine');
  });
});
