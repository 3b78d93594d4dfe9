import { getHealthHistory, healthRange } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { historySteps } from './history-steps.ts';

const START = Date.parse('2026-01-05T10:00:00.000Z');
const MINUTE = 60_000;
const range = { start: START, end: START + 2 * MINUTE, ms: MINUTE };
const row = { component: 'a', startsAt: START, up: 0, degraded: 0, down: 0, unknown: 0 };

describe('the steps of a history', () => {
  it('are all there, and time without samples is unknown', () => {
    const latency = { startsAt: START, p50: 1, p95: 2 };
    const steps = historySteps(range, [{ ...row, up: 30, down: 15 }], [latency], START + 3 * MINUTE);
    expect(steps).toEqual([
      {
        at: '2026-01-05T10:00:00.000Z',
        up: 0.5,
        degraded: 0,
        down: 0.25,
        unknown: 0.25,
        p50_ms: 1,
        p95_ms: 2,
      },
      { at: '2026-01-05T10:01:00.000Z', up: 0, degraded: 0, down: 0, unknown: 1, p50_ms: null, p95_ms: null },
    ]);
  });

  it('count only as far as they have passed, and never more than all', () => {
    const rows = [
      { ...row, up: 61 },
      { ...row, startsAt: START + MINUTE, degraded: 30 },
    ];
    expect(historySteps(range, rows, [], START + 1.5 * MINUTE)).toMatchObject([
      { up: 1, unknown: 0 },
      { degraded: 1, unknown: 0 },
    ]);
  });
});

describe('the range of a history', () => {
  const from = '2026-01-05T10:20:00Z';
  it('is whole steps', () => {
    expect(healthRange({ from, to: '2026-01-05T12:01:00Z', step: 'hour' })).toMatchObject({
      start: START,
      steps: 3,
    });
  });
  it.each([
    ['2026-01-06T03:00:00Z', true],
    ['2026-01-06T03:01:00Z', false],
    ['2026-01-05T10:20:00Z', false],
    ['2026-01-04T10:20:00Z', false],
  ])('to %s: %s', (to, good) => {
    const query = { component: 'service:billing', from, to, step: 'minute' };
    expect(getHealthHistory.input.safeParse(query).success).toBe(good);
  });
});
