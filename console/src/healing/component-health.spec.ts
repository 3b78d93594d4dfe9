import { describe, expect, it } from '@jest/globals';
import {
  barRange,
  hoursOf,
  incidentNameOf,
  lastDay,
  lastHour,
  minutesOf,
  uptimeOf,
  uptimeSteps,
} from './component-health.ts';

const now = Date.UTC(2026, 10, 28, 14, 30, 20);
const step = (up: number, degraded: number, down: number) => ({
  at: '2026-11-28T00:00:00.000Z',
  ...{ up, degraded, down, unknown: 1 - up - degraded - down, p50_ms: null, p95_ms: null },
});

describe('the ranges of a component', () => {
  it('are ninety whole days with the present one', () =>
    expect(barRange(now)).toEqual({
      ...{ from: '2026-08-31T00:00:00.000Z', to: '2026-11-29T00:00:00.000Z', step: 'day' },
    }));
  it('are the hours of a day, the minutes of an hour, the last sixty minutes and the last 24 hours', () => {
    expect(hoursOf('2026-11-28')).toMatchObject({
      ...{ from: '2026-11-28T00:00:00.000Z', to: '2026-11-29T00:00:00.000Z' },
    });
    expect(minutesOf('2026-11-28T13:00:00.000Z').to).toBe('2026-11-28T14:00:00.000Z');
    expect(lastHour(now)).toEqual({
      ...{ from: '2026-11-28T13:31:00.000Z', to: '2026-11-28T14:31:00.000Z', step: 'minute' },
    });
    expect(lastHour(now + 39_000)).toEqual(lastHour(now));
    expect(lastDay(now)).toMatchObject({
      ...{ from: '2026-11-27T15:00:00.000Z', to: '2026-11-28T15:00:00.000Z', step: 'hour' },
    });
  });
});

describe('the uptime of a component', () => {
  it('leaves out what nobody watched', () => {
    const [half, nothing] = uptimeSteps([step(0.4, 0, 0.1), step(0, 0, 0)], now, (at) => at.slice(0, 10));
    expect(half?.up).toBeCloseTo(0.8);
    expect(nothing?.up).toBeNull();
    expect(half?.label).toBe('2026-11-28');
  });
  it('counts degraded as up, and shows its share', () => {
    const [one] = uptimeSteps([step(0.5, 0.5, 0)], now, () => '');
    expect([one?.up, one?.degraded]).toEqual([1, 0.5]);
  });
  it('ends with the present', () => {
    const begins = Date.parse(step(1, 0, 0).at);
    expect(uptimeSteps([step(1, 0, 0)], begins, () => '')).toHaveLength(1);
    expect(uptimeSteps([step(1, 0, 0)], begins - 1, () => '')).toHaveLength(0);
  });
  it('of all steps weighs each by how long it was watched', () => {
    const { up, watched } = uptimeOf([step(1, 0, 0), step(0, 0, 0.25), step(0, 0, 0)]);
    expect(up).toBeCloseTo(0.8);
    expect(watched).toBe(2);
    expect(uptimeOf([step(0, 0, 0)])).toEqual({ up: null, watched: 0 });
  });
});

it('incidents name a service or server, and nothing that partners see', () =>
  expect(
    ['service:billing-2', 'server:redis', 'http:gateway', 'public:api'].map((one) => incidentNameOf(one)),
  ).toEqual(['billing', 'redis', 'gateway', null]));
