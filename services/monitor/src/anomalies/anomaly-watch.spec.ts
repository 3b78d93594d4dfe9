import { createLogger } from '@gridworks/observability';
import { describe, expect, it } from '@jest/globals';
import { AnomalyWatch, MAX_DETECTORS } from './anomaly-watch.ts';

const BEGIN = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SERIES = 'service:billing/p95_ms';

function watchUnderTest() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({
    service: 'monitor',
    instance: 'monitor',
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) } as never,
  });
  const watch = new AnomalyWatch(logger);
  /** A sample each 10 s around a level. */
  const feed = (fromMs: number, toMs: number, level: number) => {
    for (let ms = fromMs; ms < toMs; ms += 10_000) {
      const value = level * (1 + 0.03 * Math.sin(ms / 7919));
      watch.observe('service:billing', SERIES, 'latency', value, BEGIN + ms);
    }
  };
  return { watch, lines, feed };
}

describe('AnomalyWatch', () => {
  it('writes down once that an anomaly began, and once that it ended', () => {
    const { lines, feed } = watchUnderTest();
    feed(0, 1.5 * HOUR_MS, 50);
    expect(lines).toEqual([]);
    feed(1.5 * HOUR_MS, 1.5 * HOUR_MS + 10 * MINUTE_MS, 400);
    expect(lines).toMatchObject([
      {
        event: 'anomaly.began',
        level: 'info',
        series: SERIES,
        since: expect.any(String),
        why: expect.any(String),
      },
    ]);
    feed(1.5 * HOUR_MS + 10 * MINUTE_MS, 2 * HOUR_MS, 50);
    expect(lines.map(({ event }) => event)).toEqual(['anomaly.began', 'anomaly.ended']);
  });

  it('takes the warm-up of a new process for none, and ends what its predecessor had', () => {
    const { watch, lines, feed } = watchUnderTest();
    feed(0, 1.5 * HOUR_MS, 50);
    const restartAt = 1.5 * HOUR_MS + 5 * MINUTE_MS;
    feed(1.5 * HOUR_MS, restartAt, 400);
    watch.restarted('service:billing', BEGIN + restartAt);
    expect(lines.map(({ event }) => event)).toEqual(['anomaly.began', 'anomaly.ended']);
    feed(restartAt, restartAt + MINUTE_MS, 2000);
    feed(restartAt + MINUTE_MS, restartAt + 20 * MINUTE_MS, 50);
    expect(lines).toHaveLength(2);
  });

  it('judges a bounded number of series, and makes room for others when a component is gone', () => {
    const { watch } = watchUnderTest();
    for (let n = 0; n < MAX_DETECTORS + 5; n++)
      watch.observe(`service:billing-${n % 2}`, `series ${n}`, 'count', 1, BEGIN);
    expect(watch.size).toBe(MAX_DETECTORS);
    watch.forget('service:billing-0');
    expect(watch.size).toBe(MAX_DETECTORS / 2);
    watch.observe('service:auth', SERIES, 'latency', 1, BEGIN);
    expect(watch.size).toBe(MAX_DETECTORS / 2 + 1);
  });
});
