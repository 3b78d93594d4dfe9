import type { Pulse, Signal } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { billing, postgres, symptom } from '../../test/symptoms.ts';
import { joinSymptom, openIncident } from '../incidents/incident.ts';
import { signalStillOpen } from './originating-signal.ts';
import { PulseRegistry } from './pulse-registry.ts';

const t0 = Date.UTC(2026, 0, 5, 10);
const record = (signal: Signal, target = billing) => {
  const first = symptom(signal, target);
  const options = { now: t0, holdUntil: null, traceparent: null, traceId: null, experiment: null };
  return { first, record: openIncident(first, options) };
};
const pulse = (more: Partial<Pulse> = {}): Pulse => ({
  service: 'billing',
  instance: 'billing',
  boot_id: 'one',
  pid: 1,
  started_at: new Date(t0).toISOString(),
  sent_at: new Date(t0).toISOString(),
  sequence: 1,
  state: 'ready',
  health_url: 'http://127.0.0.1:1',
  resident_bytes: 1,
  event_loop_lag_ms: 1,
  in_flight: 0,
  requests: { ok: 0, failed: 0 },
  dependencies: [{ name: 'postgres', critical: true, status: 'up', connections_lost: 3, boot: null }],
  degraded: [],
  ...more,
});
const registry = (at: number, ...pulses: Pulse[]) => {
  const receivedPulses = new PulseRegistry(() => at);
  for (const one of pulses) receivedPulses.onPulse(one);
  return receivedPulses;
};
const open = (signal: Signal, pulses: PulseRegistry, target = billing) =>
  signalStillOpen(record(signal, target).record, { signal, target }, t0, pulses, 'probe');

describe('the signal that began an incident', () => {
  it('is gone when it was cleared', () => {
    const { first, record: opened } = record('instance.unresponsive');
    const cleared = joinSymptom(opened, { ...first, state: 'cleared' }, t0);
    const treating = { signal: first.signal, target: billing };
    expect(signalStillOpen(cleared, treating, t0, registry(t0), 'probe')).toBeNull();
    expect(signalStillOpen(cleared, treating, t0, registry(t0), 'cleared')).toBeNull();
    expect(signalStillOpen(opened, treating, t0, registry(t0 + 1, pulse()), 'cleared')).toMatch(
      /not cleared/,
    );
  });

  it('is gone when the instance has said since that it is ready, and not by what it said before', () => {
    expect(open('instance.unresponsive', registry(t0 + 1, pulse()))).toBeNull();
    expect(open('instance.unresponsive', registry(t0, pulse()))).toMatch(/no pulse/);
    expect(open('instance.unresponsive', registry(t0 + 1))).toMatch(/no pulse/);
    expect(open('instance.unresponsive', registry(t0 + 1, pulse({ state: 'not-ready' })))).toMatch(
      /not-ready/,
    );
  });

  it('of lost connections is not gone while more are lost', () => {
    const more = pulse({ sequence: 2, dependencies: [{ ...pulse().dependencies[0]!, connections_lost: 4 }] });
    const down = pulse({ sequence: 2, dependencies: [{ ...pulse().dependencies[0]!, status: 'down' }] });
    expect(open('connections.lost', registry(t0 + 1, pulse(), more))).toMatch(/still shows/);
    expect(open('connections.lost', registry(t0 + 1, pulse(), down))).toMatch(/still shows/);
    expect(open('connections.lost', registry(t0 + 1, pulse(), pulse({ sequence: 2 })))).toBeNull();
  });

  it('is not gone while another one of the same server is open that no probe can refute', () => {
    const { record: opened } = record('server.unresponsive', postgres);
    const readOnly = symptom('server.read-only', postgres);
    const both = joinSymptom(opened, readOnly, t0);
    const treating = { signal: 'server.unresponsive', target: postgres } as const;
    const received = registry(t0 + 1, pulse());
    expect(signalStillOpen(both, treating, t0, received, 'probe')).toMatch(/refuses writes/);
    const cleared = joinSymptom(both, { ...readOnly, state: 'cleared' }, t0);
    expect(signalStillOpen(cleared, treating, t0, received, 'probe')).toBeNull();
  });

  it('of a server is gone when an instance has reached it since', () => {
    expect(open('server.unresponsive', registry(t0, pulse()), postgres)).toMatch(
      /no instance has reached postgres/,
    );
    expect(open('server.unresponsive', registry(t0 + 1, pulse()), postgres)).toBeNull();
  });
});

describe('the pulse board', () => {
  it('believes neither a pulse that comes late nor one of the boot before', () => {
    const received = registry(t0, pulse({ sequence: 5 }), pulse({ sequence: 4, state: 'draining' }));
    expect(received.of('billing')?.pulse.state).toBe('ready');
    received.onPulse(
      pulse({ boot_id: 'zero', started_at: new Date(t0 - 60_000).toISOString(), state: 'draining' }),
    );
    expect(received.of('billing')?.pulse.boot_id).toBe('one');
    received.onPulse(pulse({ boot_id: 'two', started_at: new Date(t0 + 1000).toISOString() }));
    expect(received.of('billing')).toMatchObject({ pulse: { boot_id: 'two' }, previous: null });
    received.onPulse(
      pulse({ boot_id: 'two', started_at: new Date(t0 + 1000).toISOString(), sequence: 9, state: 'stopped' }),
    );
    expect(received.size()).toBe(0);
  });
});
