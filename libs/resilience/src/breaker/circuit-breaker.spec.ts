import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { BreakerOptions, BreakerTransition } from './breaker-state.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

function breakerAt(options: BreakerOptions = {}) {
  const clock = { now: 1_000 };
  const breaker = new CircuitBreaker('postgres', options, () => clock.now);
  const seen: BreakerTransition[] = [];
  breaker.onTransition((transition) => seen.push(transition));
  return { breaker, clock, seen };
}
const fail = (breaker: CircuitBreaker, times: number) => {
  for (let i = 0; i < times; i++) breaker.failed(false, new Error('away'));
};

describe('CircuitBreaker', () => {
  it('opens after five failures in a row, not after four', () => {
    const { breaker } = breakerAt();
    fail(breaker, 4);
    breaker.succeeded(false);
    fail(breaker, 4);
    expect(breaker.state).toBe('closed');
    fail(breaker, 1);
    expect(breaker.state).toBe('open');
    expect(breaker.admit()).toBeNull();
  });

  it('opens when more than half of twenty calls failed, never on fewer than twenty', () => {
    const { breaker } = breakerAt({ consecutiveFailures: 1_000 });
    for (let i = 0; i < 9; i++) {
      breaker.succeeded(false);
      fail(breaker, 1);
    }
    fail(breaker, 1);
    expect(breaker.state).toBe('closed');
    fail(breaker, 1);
    expect(breaker.state).toBe('open');
  });

  it('lets one trial through after its time, and closes after two that succeed', () => {
    const { breaker, clock, seen } = breakerAt();
    fail(breaker, 5);
    clock.now += 59_999;
    expect(breaker.admit()).toBeNull();
    clock.now += 1;
    expect(breaker.admit()).not.toBeNull();
    expect(breaker.admit()).toBeNull();
    breaker.succeeded(true);
    expect(breaker.state).toBe('half-open');
    expect(breaker.admit()).not.toBeNull();
    breaker.succeeded(true);
    expect(seen.map(({ from, to }) => `${from}>${to}`)).toEqual([
      'closed>open',
      'open>half-open',
      'half-open>closed',
    ]);
  });

  it('opens again, for the whole time, when a trial fails', () => {
    const { breaker, clock } = breakerAt({ halfOpenAfterMs: 100 });
    fail(breaker, 5);
    clock.now += 100;
    breaker.admit();
    breaker.failed(true, new Error('still away'));
    expect(breaker.state).toBe('open');
    expect(breaker.retryAfterMs()).toBe(100);
  });

  it('is not affected by calls that began before it opened', () => {
    const { breaker, clock } = breakerAt({ halfOpenAfterMs: 100 });
    fail(breaker, 5);
    clock.now += 100;
    breaker.admit();
    breaker.succeeded(false);
    breaker.succeeded(false);
    breaker.failed(false, new Error('late'));
    expect(breaker.state).toBe('half-open');
  });

  it('gives the trial to another call when one never ends, or ends without a result', () => {
    const { breaker, clock } = breakerAt({ halfOpenAfterMs: 100 });
    fail(breaker, 5);
    clock.now += 100;
    breaker.admit();
    breaker.inconclusive(true);
    expect(breaker.admit()).not.toBeNull();
    clock.now += 99;
    expect(breaker.admit()).toBeNull();
    clock.now += 1;
    expect(breaker.admit()).not.toBeNull();
  });

  it('half-opens sooner when the dependency is reported healthy', () => {
    const { breaker } = breakerAt();
    breaker.dependencyHealthy();
    expect(breaker.state).toBe('closed');
    fail(breaker, 5);
    breaker.dependencyHealthy();
    expect(breaker.state).toBe('half-open');
  });

  it('runs the recovery once for each time it is half-open, and trials go on when it fails', async () => {
    const recover = jest.fn(async () => {
      throw Object.assign(new Error('password=hunter2'), { code: 'EPOOL' });
    });
    const { breaker, clock } = breakerAt({ recover, halfOpenAfterMs: 100 });
    fail(breaker, 5);
    expect(recover).not.toHaveBeenCalled();
    clock.now += 100;
    const ticket = breaker.admit();
    await ticket?.ready;
    breaker.inconclusive(true);
    expect(breaker.admit()).not.toBeNull();
    expect(recover).toHaveBeenCalledTimes(1);
    expect(breaker.toJSON().reason).toMatch(/its recovery failed: Error EPOOL$/);
    breaker.failed(true, new Error('still away'));
    clock.now += 100;
    breaker.admit();
    expect(recover).toHaveBeenCalledTimes(2);
  });

  it('can be held open and closed, and be released', () => {
    const { breaker, clock, seen } = breakerAt();
    breaker.force('open', 'maintenance');
    clock.now += 1e9;
    breaker.dependencyHealthy();
    expect(breaker.admit()).toBeNull();
    breaker.force('closed', 'must continue');
    fail(breaker, 50);
    expect(breaker.state).toBe('closed');
    breaker.force('auto', 'done');
    fail(breaker, 5);
    expect(breaker.state).toBe('open');
    expect(seen[0]).toMatchObject({
      breaker: 'postgres',
      to: 'open',
      mode: 'open',
      reason: 'set to open: maintenance',
    });
  });

  it('shows in JSON when it lets a trial through while open', () => {
    const { breaker, clock } = breakerAt();
    fail(breaker, 5);
    const snapshot = JSON.parse(JSON.stringify(breaker));
    expect(snapshot).toMatchObject({ state: 'open', mode: 'auto', consecutive_failures: 5, opened_total: 1 });
    expect(breaker.admit()).toBeNull();
    clock.now = snapshot.reopens_at;
    expect(breaker.admit()).not.toBeNull();
  });

  it('ignores a listener that throws', () => {
    const { breaker, seen } = breakerAt();
    breaker.onTransition(() => {
      throw new Error('not my fault');
    });
    fail(breaker, 5);
    expect(seen).toHaveLength(1);
  });

  it('refuses invalid limits', () => {
    expect(() => new CircuitBreaker('x', { consecutiveFailures: 0 })).toThrow(RangeError);
    expect(() => new CircuitBreaker('x', { minimumCalls: 20, windowCalls: 10 })).toThrow(RangeError);
  });

  it('never has two trials at once, never closes without two, whatever happens', () => {
    const event = fc.oneof(
      fc.constantFrom('call-ok', 'call-fail', 'trial-ok', 'trial-fail', 'trial-nothing', 'healthy'),
      fc.integer({ min: 1, max: 60 }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        const { breaker, clock, seen } = breakerAt({ halfOpenAfterMs: 100, consecutiveFailures: 3 });
        let trialSince: number | null = null;
        let succeeded = 0;
        for (const next of events) {
          const before = breaker.state;
          if (typeof next === 'number') clock.now += next;
          else if (next === 'healthy') breaker.dependencyHealthy();
          else if (next === 'call-ok') breaker.succeeded(false);
          else if (next === 'call-fail') breaker.failed(false, null);
          else {
            if (breaker.closed) continue;
            const ticket = breaker.admit();
            if (ticket === null) {
              const waiting = breaker.state === 'open' && breaker.retryAfterMs() > 0;
              expect(waiting || (trialSince !== null && clock.now - trialSince < 100)).toBe(true);
            } else {
              if (before === 'open') succeeded = 0;
              if (next === 'trial-ok') {
                succeeded++;
                breaker.succeeded(true);
              } else if (next === 'trial-fail') breaker.failed(true, null);
              else {
                trialSince = clock.now;
                continue;
              }
            }
            trialSince = null;
          }
          if (before !== 'closed' && breaker.state === 'closed') expect(succeeded).toBeGreaterThanOrEqual(2);
          if (breaker.state !== 'half-open') succeeded = 0;
        }
        for (let i = 1; i < seen.length; i++) expect(seen[i]!.from).toBe(seen[i - 1]!.to);
      }),
    );
  });
});
