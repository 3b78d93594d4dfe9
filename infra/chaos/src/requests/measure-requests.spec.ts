import { describe, expect, it } from '@jest/globals';
import { measureRequests, type ProbeRecord } from './measure-requests.ts';

const record = (route: string, sentAt: number, endedAt: number, outcome = 'ok'): ProbeRecord => ({
  route,
  sentAt,
  endedAt,
  outcome,
});
/** One request each 100 ms; those sent in [from, to) fail. */
const outage = (route: string, from: number, to: number): ProbeRecord[] =>
  Array.from({ length: 60 }, (_, i) => i * 100).map((at) =>
    record(route, at, at + 5, at >= from && at < to ? '503' : 'ok'),
  );

describe('measureRequests', () => {
  it('counts from the injection, by outcome', () => {
    const figures = measureRequests(
      [
        record('a', 0, 5, '500'),
        record('a', 900, 1100, 'timeout'), // was in flight
        record('a', 1200, 1210, '503'),
        record('a', 1300, 1310, '503'),
        record('a', 1400, 1410),
      ],
      1000,
      2000,
    );
    expect(figures).toMatchObject({ ok: 1, failed: { '503': 2, timeout: 1 } });
  });

  it('has recovered when every route has, and not before', () => {
    const figures = measureRequests([...outage('a', 1000, 2000), ...outage('b', 1500, 3500)], 1000, 6000);
    expect(figures.firstGoodMs).toBe(2505);
    expect(figures.lastFailureMs).toBe(2400);
    expect(figures.routes.map(({ firstGoodMs }) => firstGoodMs)).toEqual([1005, 2505]);
  });

  it('does not take the late answer to an older request for recovery', () => {
    const figures = measureRequests(
      [record('a', 990, 1050), record('a', 1000, 1001, 'error:ECONNRESET'), record('a', 1800, 1810)],
      1000,
      2000,
    );
    expect(figures.firstGoodMs).toBe(810);
  });

  it('says null when a route keeps failing, although others succeed', () => {
    const figures = measureRequests([...outage('a', 1000, 9000), ...outage('b', 1000, 1500)], 1000, 6000);
    expect(figures.firstGoodMs).toBeNull();
  });

  it('takes the first good answer when nothing failed', () => {
    expect(measureRequests(outage('a', 0, 0), 1020, 6000)).toMatchObject({
      failed: {},
      firstGoodMs: 85,
      lastFailureMs: null,
    });
  });

  it('finds the longest time without a good answer on any route, the open end too', () => {
    expect(measureRequests(outage('a', 1000, 2000), 1000, 6000).longestGapMs).toBe(1005);
    expect(measureRequests([...outage('a', 0, 0), ...outage('b', 1000, 9000)], 1000, 6000).longestGapMs).toBe(
      5000,
    );
  });
});
