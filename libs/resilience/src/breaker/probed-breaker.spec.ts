import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker.ts';
import { ProbedBreaker } from './probed-breaker.ts';

function setUp() {
  const clock = { now: 0 };
  const limits = { consecutiveFailures: 2, halfOpenAfterMs: 5_000 };
  const breaker = new CircuitBreaker('postgres', limits, () => clock.now);
  let asked = 0;
  const probed = new ProbedBreaker(breaker, { ask: () => asked++ });
  const fail = () => {
    for (let i = 0; i < 2; i++) breaker.failed(false, new Error('connection lost'));
  };
  return { clock, breaker, probed, fail, asked: () => asked };
}

describe('ProbedBreaker', () => {
  it('asks as soon as the breaker opens, and an answer closes it, with no call as a trial', async () => {
    const { breaker, probed, fail, asked } = setUp();
    for (let i = 1; i <= 3; i++) {
      fail();
      await immediate();
      expect([breaker.state, asked()]).toEqual(['open', i]);
      probed.answered();
      expect(breaker.state).toBe('closed');
    }
  });

  it('leaves the word to a call that is on trial already', () => {
    const { clock, breaker, probed, fail } = setUp();
    fail();
    clock.now = 5_000;
    expect(breaker.admit()).not.toBeNull();
    probed.answered();
    expect(breaker.state).toBe('half-open');
    breaker.succeeded(true);
    probed.answered();
    expect(breaker.state).toBe('closed');
  });

  it('asks again after a pause when a trial fails', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask'] });
    try {
      const { clock, breaker, fail, asked } = setUp();
      fail();
      await Promise.resolve();
      expect(asked()).toBe(1);
      clock.now = 5_000;
      expect(breaker.admit()).not.toBeNull();
      breaker.failed(true, new Error('still lost'));
      expect([breaker.state, asked()]).toEqual(['open', 1]);
      jest.advanceTimersByTime(1_000);
      expect(asked()).toBe(2);
    } finally {
      jest.useRealTimers();
    }
  });

  it('lets an operator hold it open', async () => {
    const { breaker, probed, asked } = setUp();
    breaker.force('open', 'maintenance');
    await immediate();
    probed.answered();
    expect([breaker.state, asked()]).toEqual(['open', 0]);
  });
});
