import type { HealthCheck } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { BATCH, CAPACITY, HealthRows, SAMPLE_MS } from './health-rows.ts';

const check = (component: string, status: HealthCheck['status']): HealthCheck => ({
  component,
  status,
  observed_at: '2026-01-05T10:00:00.000Z',
  latency_ms: 1,
  detail: null,
});
const names = (rows: HealthCheck[]) => rows.map(({ component, status }) => `${component} ${status}`);

describe('HealthRows', () => {
  it('takes every component now and then, and a changed one at once', () => {
    const rows = new HealthRows();
    expect(rows.update([check('a', 'pass'), check('b', 'pass')], 0)).toBe(true);
    expect(names(rows.take())).toEqual(['a pass', 'b pass']);
    expect(rows.update([check('a', 'pass'), check('b', 'fail')], 1000)).toBe(true);
    expect(rows.update([check('a', 'pass'), check('b', 'fail')], 2000)).toBe(false);
    expect(names(rows.take())).toEqual(['b fail']);
    rows.update([check('a', 'pass'), check('b', 'fail')], SAMPLE_MS);
    expect(names(rows.take())).toEqual(['a pass', 'b fail']);
  });

  it('drops the oldest when they are not taken, and counts them', () => {
    const rows = new HealthRows();
    for (let i = 0; i < CAPACITY + 5; i++) rows.update([check('a', i % 2 ? 'pass' : 'fail')], i);
    expect([rows.dropped, rows.waiting]).toEqual([5, CAPACITY]);
  });

  it('gives them out in batches that fit into one message, whatever the details say', () => {
    const rows = new HealthRows();
    const long = { ...check('server:postgres', 'fail'), detail: 'ä'.repeat(5000) };
    rows.update(
      Array.from({ length: BATCH + 1 }, (_one, at) => ({ ...long, component: `service:instance-${at}` })),
      0,
    );
    const batch = rows.take();
    expect(batch).toHaveLength(BATCH);
    expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(100_000);
    expect(names(rows.take())).toEqual([`service:instance-${BATCH} fail`]);
    rows.drop(batch);
    expect([rows.dropped, rows.waiting]).toEqual([BATCH, 0]);
  });
});
