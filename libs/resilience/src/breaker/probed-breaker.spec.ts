import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker.ts';
import { ProbedBreaker } from './probed-breaker.ts';

function setUp() {
  const clock = { now: 0 };
  const limits = { consecutiveFailures: 2, halfOpenAfterMs: 5_000 };
  const breaker = new CircuitBreaker('postgres', limits, () => clock.now);
  let probes = 0;
  const probed = new ProbedBreaker(breaker, { probe: () => probes++ });
  const fail = () => {
    for (let i = 0; i < 2; i++) breaker.failed(false, new Error('connection lost'));
  };
  return { clock, breaker, probed, fail, probes: () => probes };
}

describe('ProbedBreaker', () => {
  it('probes as soon as the breaker opens, and a response closes it, with no call as a trial', async () => {
    const { breaker, probed, fail, probes } = setUp();
    for (let i = 1; i <= 3; i++) {
      fail();
      await immediate();
      expect([breaker.state, probes()]).toEqual(['open', i]);
      probed.responded();
      expect(breaker.state).toBe('closed');
    }
  });

  it('leaves the decision to a trial that is running already', () => {
    const { clock, breaker, probed, fail } = setUp();
    fail();
    clock.now = 5_000;
    expect(breaker.admit()).not.toBeNull();
    probed.responded();
    expect(breaker.state).toBe('half-open');
    breaker.succeeded(true);
    probed.responded();
    expect(breaker.state).toBe('closed');
  });

  it('probes again after a pause when a trial fails', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask'] });
    try {
      const { clock, breaker, fail, probes } = setUp();
      fail();
      await Promise.resolve();
      expect(probes()).toBe(1);
      clock.now = 5_000;
      expect(breaker.admit()).not.toBeNull();
      breaker.failed(true, new Error('still lost'));
      expect([breaker.state, probes()]).toEqual(['open', 1]);
      jest.advanceTimersByTime(1_000);
      expect(probes()).toBe(2);
    } finally {
      jest.useRealTimers();
    }
  });

  it('lets an operator hold it open', async () => {
    const { breaker, probed, probes } = setUp();
    breaker.force('open', 'maintenance');
    await immediate();
    probed.responded();
    expect([breaker.state, probes()]).toEqual(['open', 0]);
  });
});
