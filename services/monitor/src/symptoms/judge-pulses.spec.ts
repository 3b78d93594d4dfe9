import { describe, expect, it } from '@jest/globals';
import { SimulatedSystem } from '../../test/simulated-system.ts';

function calm(): SimulatedSystem {
  const system = new SimulatedSystem();
  system.run(10_000);
  expect(system.signals()).toEqual([]);
  return system;
}

describe('gateway.overloaded', () => {
  it('is told once while the gateway says that it refuses requests, and once when it is over', () => {
    const system = calm();
    const gateway = system.instance('gateway');
    gateway.says = () => ({ degraded: ['overload: some requests are refused'] });
    system.run(30_000);
    expect(system.signals()).toEqual(['firing gateway.overloaded gateway']);
    gateway.says = () => ({});
    system.run(30_000);
    expect(system.signals()).toEqual([
      'firing gateway.overloaded gateway',
      'cleared gateway.overloaded gateway',
    ]);
  });

  it('is not told for a moment of overload, nor for other reasons to be degraded', () => {
    const system = calm();
    const gateway = system.instance('gateway');
    gateway.says = () => ({ degraded: ['overload: some requests are refused'] });
    system.run(1500);
    gateway.says = () => ({ degraded: ['redis is away: slower'] });
    system.run(30_000);
    expect(system.signals()).toEqual([]);
  });
});
