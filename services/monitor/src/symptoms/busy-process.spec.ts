import type { Pulse } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { SimulatedSystem } from '../../test/simulated-system.ts';

const SECOND = 1000;

function calm(): SimulatedSystem {
  const system = new SimulatedSystem();
  system.run(5 * SECOND);
  return system;
}
const says = (system: SimulatedSystem, pulse: (seconds: number) => Partial<Pulse>) => {
  const began = system.now;
  system.instance('billing').says = (now) => pulse((now - began) / SECOND);
};

describe('cpu.saturated', () => {
  it('fires for a processor that is used up while the event loop is late, and clears when it is free', () => {
    const system = calm();
    says(system, () => ({ cpu_share: 0.97, event_loop_lag_ms: 250 }));
    system.run(26 * SECOND);
    expect(system.signals()).toEqual([]);
    system.run(10 * SECOND);
    expect(system.signals()).toEqual(['firing cpu.saturated billing']);
    expect(system.published[0]?.symptom.evidence).toMatchObject({ cpu_share: 0.97, event_loop_lag_ms: 250 });
    says(system, () => ({ cpu_share: 0.1, event_loop_lag_ms: 2 }));
    system.run(30 * SECOND);
    expect(system.signals()).toEqual(['firing cpu.saturated billing', 'cleared cpu.saturated billing']);
  });

  it('fires for one whose requests are slow, though the event loop is not late', () => {
    const system = calm();
    says(system, () => ({ cpu_share: 1.6, durations: { p50_ms: 400, p95_ms: 1500, p99_ms: 2000 } }));
    system.run(40 * SECOND);
    expect(system.signals()).toEqual(['firing cpu.saturated billing']);
  });

  it.each([
    ['one that is busy and whose requests do not suffer', () => ({ cpu_share: 0.99, event_loop_lag_ms: 20 })],
    ['one of another thread', () => ({ cpu_share: 1.9, durations: { p50_ms: 3, p95_ms: 40, p99_ms: 90 } })],
    ['one that is late and not busy', () => ({ cpu_share: 0.3, event_loop_lag_ms: 300 })],
    [
      'a moment',
      (s: number) => (s % 60 < 20 ? { cpu_share: 1, event_loop_lag_ms: 400 } : { cpu_share: 0.1 }),
    ],
  ])('does not fire for %s', (_what, pulse) => {
    const system = calm();
    says(system, pulse);
    system.run(10 * 60 * SECOND);
    expect(system.signals()).toEqual([]);
  });
});

describe('instance.stalled', () => {
  it('is the only one of a process that is blocked and busy', () => {
    const system = calm();
    says(system, () => ({ cpu_share: 1, event_loop_lag_ms: 1500 }));
    system.run(60 * SECOND);
    expect(system.signals()).toEqual(['firing instance.stalled billing']);
  });
});
