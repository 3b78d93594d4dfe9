import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker.ts';
import { ProbedBreaker } from './probed-breaker.ts';

const full = new Error('disk full');

function setUp() {
  const clock = { now: 0 };
  const breaker = new CircuitBreaker('postgres', { consecutiveFailures: 2 }, () => clock.now);
  let asked = 0;
  const probed = new ProbedBreaker(breaker, {
    ask: () => asked++,
    outlastsAnswers: (failure) => failure === full,
    now: () => clock.now,
  });
  const fail = (error: unknown = new Error('connection lost')) => {
    for (let i = 0; i < 2; i++) breaker.failed(false, error);
  };
  return { clock, breaker, probed, fail, asked: () => asked };
}

describe('ProbedBreaker', () => {
  it('asks as soon as the breaker opens, and an answer closes it, with no call as a trial', async () => {
    const { breaker, probed, fail, asked } = setUp();
    fail();
    await immediate();
    expect([breaker.state, asked()]).toEqual(['open', 1]);
    probed.answered(false);
    expect(breaker.state).toBe('closed');
  });

  it('closes it each time, when the failures were over with the answer', () => {
    const { breaker, probed, fail } = setUp();
    for (let i = 0; i < 5; i++) {
      fail();
      probed.answered(false);
      expect(breaker.state).toBe('closed');
    }
  });

  it('leaves the trial to a call when what made it open goes on beside good answers', () => {
    const { clock, breaker, probed, fail } = setUp();
    fail(full);
    probed.answered(false);
    expect(breaker.state).toBe('closed');
    clock.now += 100;
    fail(full);
    probed.answered(false);
    expect(breaker.state).toBe('half-open');
    // It was away and is back: whatever was, is over.
    probed.answered(true);
    expect(breaker.state).toBe('closed');
  });

  it('asks again after a pause when a trial fails', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask'] });
    try {
      const { breaker, probed, fail, asked } = setUp();
      fail(full);
      probed.answered(false);
      fail(full);
      probed.answered(false);
      await Promise.resolve();
      const before = asked();
      expect(breaker.admit()).not.toBeNull();
      breaker.failed(true, full);
      expect(breaker.state).toBe('open');
      expect(asked()).toBe(before);
      jest.advanceTimersByTime(1_000);
      expect(asked()).toBe(before + 1);
    } finally {
      jest.useRealTimers();
    }
  });

  it('lets an operator hold it open', async () => {
    const { breaker, probed, asked } = setUp();
    breaker.force('open', 'maintenance');
    await immediate();
    probed.answered(true);
    expect([breaker.state, asked()]).toEqual(['open', 0]);
  });
});
