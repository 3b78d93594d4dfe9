import { describe, expect, it } from '@jest/globals';
import { KillPlan } from './kill-plan.ts';

const PROCESSES = ['gateway', 'auth', 'billing', 'nats', 'postgres'];

function draw(seed: number, count: number): [number, string | null][] {
  const plan = new KillPlan(seed);
  return Array.from({ length: count }, () => [plan.nextWaitMs(), plan.pick(PROCESSES)]);
}

describe('KillPlan', () => {
  it('repeats itself for the same seed, and differs for another', () => {
    expect(draw(7, 50)).toEqual(draw(7, 50));
    expect(draw(7, 50)).not.toEqual(draw(8, 50));
  });

  it('waits 4 to 6 seconds and reaches every process', () => {
    const kills = draw(1, 200);
    expect(Math.min(...kills.map(([wait]) => wait))).toBeGreaterThanOrEqual(4000);
    expect(Math.max(...kills.map(([wait]) => wait))).toBeLessThanOrEqual(6000);
    expect(new Set(kills.map(([, target]) => target))).toEqual(new Set(PROCESSES));
  });

  it('has no target when nothing runs', () => {
    expect(new KillPlan(1).pick([])).toBeNull();
  });
});
