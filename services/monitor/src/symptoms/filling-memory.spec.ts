import { describe, expect, it } from '@jest/globals';
import { SimulatedSystem } from '../../test/simulated-system.ts';

const LIMIT = 512e6;
const SECOND = 1000;

function calm(): SimulatedSystem {
  const system = new SimulatedSystem();
  system.run(5 * SECOND);
  return system;
}

/** Pulses that say so much of the memory is used, `share` by the seconds since now. */
function uses(system: SimulatedSystem, share: (seconds: number) => number): void {
  const began = system.now;
  system.instance('billing').says = (now) => ({
    memory_share: Math.min(1, share((now - began) / SECOND)),
    memory_limit_bytes: LIMIT,
  });
}

/** A number from 0 to 1, the same at each run. */
function noise(): () => number {
  let seed = 7;
  return () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
}

describe('memory.filling', () => {
  it('fires when the memory has been above 85 % for 10 s, and clears below 75 %, not between', () => {
    const system = calm();
    uses(system, () => 0.87);
    system.run(9 * SECOND);
    expect(system.signals()).toEqual([]);
    system.run(4 * SECOND);
    expect(system.signals()).toEqual(['firing memory.filling billing']);
    uses(system, () => 0.8);
    system.run(30 * SECOND);
    expect(system.signals()).toEqual(['firing memory.filling billing']);
    uses(system, () => 0.7);
    system.run(5 * SECOND);
    expect(system.signals()).toEqual(['firing memory.filling billing', 'cleared memory.filling billing']);
  });

  it('does not fire for a sawtooth that garbage collection brings down', () => {
    const system = calm();
    uses(system, (seconds) => 0.4 + 0.055 * (seconds % 9));
    system.run(30 * 60 * SECOND);
    expect(system.signals()).toEqual([]);
  });

  it.each([
    ['10 MB a second', 10e6, 45],
    ['200 KB a second', 0.2e6, 2_000],
  ])('is forecast for a leak of %s, while there is time for a replacement', (_name, perSecond, fullAfter) => {
    const system = calm();
    const random = noise();
    uses(system, (seconds) => (50e6 + perSecond * seconds + 8e6 * random()) / LIMIT);
    while (system.signals().length === 0 && system.elapsedMs < fullAfter * SECOND) system.run(SECOND);
    const [first] = system.published;
    expect(first?.symptom).toMatchObject({
      signal: 'memory.filling',
      target: { process: 'billing' },
      evidence: { forecast: { full_at: expect.any(String), confidence: expect.any(Number) } },
    });
    const { full_at, confidence } = first!.symptom.evidence.forecast as {
      full_at: string;
      confidence: number;
    };
    expect(confidence).toBeGreaterThan(0.8);
    // A replacement takes some seconds, and the rung before it 4 s.
    const left = Date.parse(full_at) - Date.parse(first!.symptom.observed_at);
    expect(left).toBeGreaterThan(15 * SECOND);
    expect(Math.abs((462e6 / perSecond) * SECOND - (first!.atMs - 5 * SECOND + left))).toBeLessThan(
      (0.15 * 462e6 * SECOND) / perSecond,
    );
  });

  it('does not fire for a process that warms up, nor for one that takes much at once and keeps it', () => {
    const system = calm();
    uses(system, (seconds) => 0.3 * (1 - Math.exp(-seconds / 10)));
    system.run(10 * 60 * SECOND);
    uses(system, (seconds) => (seconds < 3 ? 0.3 + seconds * 0.1 : 0.6));
    system.run(10 * 60 * SECOND);
    expect(system.signals()).toEqual([]);
  });

  it('stays silent for 30 minutes of noise', () => {
    const system = calm();
    const random = noise();
    for (const one of system.instances.values())
      one.says = () => ({ memory_share: 0.3 + 0.35 * random(), memory_limit_bytes: LIMIT });
    system.run(30 * 60 * SECOND);
    expect(system.signals()).toEqual([]);
  });
});

describe('a replacement', () => {
  const replaced = (system: SimulatedSystem) => {
    const old = system.instance('billing');
    system.start('billing', 'billing');
    const next = system.instance('billing');
    next.says = () => ({ replaces_pid: 100 + old.boot });
    next.state = 'starting';
    // Both live, and their pulses arrive in turn.
    system.instances.set('old billing', { ...old, name: 'billing' });
    return { next, old: system.instances.get('old billing')! };
  };

  it('is no restart and no silence, and clears what the process before it had', () => {
    const system = calm();
    uses(system, () => 0.9);
    system.run(15 * SECOND);
    const { next, old } = replaced(system);
    system.run(4 * SECOND);
    // The one that still works is the instance.
    expect(system.watch.instances.of('billing')[0]?.pulse.state).toBe('ready');
    next.state = 'ready';
    system.run(2 * SECOND);
    old.state = 'draining';
    system.run(2 * SECOND);
    old.state = 'stopped';
    system.run(1 * SECOND);
    system.instances.delete('old billing');
    system.run(30 * SECOND);
    expect(system.watch.instances.of('billing')[0]?.pulse.boot_id).toBe('boot-2');
    expect(system.signals()).toEqual(['firing memory.filling billing', 'cleared memory.filling billing']);
  });

  it('takes over when it is ready, also when the process that it replaces has died meanwhile', () => {
    const system = calm();
    const { next } = replaced(system);
    system.run(2 * SECOND);
    system.instances.delete('old billing');
    system.run(2 * SECOND);
    next.state = 'ready';
    system.run(10 * SECOND);
    expect(system.watch.instances.of('billing')[0]?.pulse.boot_id).toBe('boot-2');
    expect(system.signals()).toEqual([]);
  });

  it('waits for one that is slow', () => {
    const system = calm();
    const { next, old } = replaced(system);
    system.pulseGap = (one) => (one === old ? 2500 : 1000);
    system.run(10 * SECOND);
    expect(system.watch.instances.of('billing')[0]?.pulse.boot_id).toBe('boot-1');
    next.state = 'ready';
    system.run(5 * SECOND);
    expect(system.watch.instances.of('billing')[0]?.pulse.boot_id).toBe('boot-2');
    expect(system.signals()).toEqual([]);
  });

  it('of another process than the one that was known is a restart', () => {
    const system = calm();
    system.start('billing', 'billing');
    system.instance('billing').says = () => ({ replaces_pid: 4711 });
    system.run(10 * SECOND);
    expect(system.signals()).toEqual([
      'firing instance.restarted billing',
      'cleared instance.restarted billing',
    ]);
  });
});
