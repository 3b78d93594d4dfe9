import type { HealthCheck } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { HealthTally, MAX_GAP_MS } from './health-tally.ts';

const MIDNIGHT = Date.parse('2026-01-05T00:00:00.000Z');
const check = (component: string, status: HealthCheck['status']): HealthCheck => ({
  component,
  status,
  observed_at: '2026-01-05T00:00:00.000Z',
  latency_ms: null,
  detail: null,
});

describe('HealthTally', () => {
  it('sums up the time between samples by minute and state', () => {
    const tally = new HealthTally();
    for (let second = 58; second <= 62; second++)
      tally.add([check('a', second < 62 ? 'pass' : 'fail')], second * 1000, MIDNIGHT + second * 1000);
    const none = { component: 'a', up: 0, degraded: 0, down: 0, unknown: 0 };
    expect(tally.take()).toEqual([
      { ...none, minute: '2026-01-05T00:00:00.000Z', up: 1 },
      { ...none, minute: '2026-01-05T00:01:00.000Z', up: 2, down: 1 },
    ]);
  });

  it('gives each second out once', () => {
    const tally = new HealthTally();
    for (let second = 0; second < 10; second++)
      tally.add([check('a', 'warn')], second * 1000, MIDNIGHT + second * 1000);
    expect(tally.take()).toMatchObject([{ degraded: 9 }]);
    expect(tally.take()).toEqual([]);
    tally.add([check('a', 'unknown')], 10_000, MIDNIGHT + 10_000);
    expect(tally.take()).toMatchObject([{ degraded: 0, unknown: 1 }]);
  });

  it('counts no time without samples', () => {
    const tally = new HealthTally();
    tally.add([check('a', 'pass')], 0, MIDNIGHT);
    tally.add([check('a', 'pass')], MAX_GAP_MS + 1, MIDNIGHT + MAX_GAP_MS + 1);
    expect(tally.take()).toEqual([]);
  });

  it('keeps what waits bounded, and drops the oldest', () => {
    const tally = new HealthTally();
    for (let minute = 0; minute < 3002; minute++)
      tally.add([check('a', 'pass')], minute * 1000, MIDNIGHT + minute * 60_000);
    expect(tally.take()[0]?.minute).toBe('2026-01-05T00:02:00.000Z');
    let left = 0;
    for (let taken = tally.take(); taken.length > 0; taken = tally.take()) left += taken.length;
    expect(left).toBe(3000 - 150);
  });
});
