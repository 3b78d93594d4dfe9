import type { CheckRun } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { CheckRecord, type Judgement, type Limits } from './check-record.ts';

const limits: Limits = {
  threshold: { response_time_ms: 100, error_rate: 0.5, success_rate: 0.9 },
  hysteresis: { fails: 2, passes: 2 },
};
const run = (passed: boolean, ms = 10, detail: string | null = null): CheckRun => ({
  ...{ at: '2026-01-05T10:00:00.000Z', passed, response_time_ms: ms, detail, step: null, attempts: 1 },
});
const after = (outcomes: string, from = new CheckRecord(0)): Judgement[] =>
  [...outcomes].map((one) => {
    from.add(run(one === '+'), limits, 0);
    return from.judgement;
  });

describe('CheckRecord', () => {
  it('fails after two failures in a row, and is healthy after two passes in a row', () => {
    expect(after('+-+--+-++')).toEqual([
      ...['passing', 'degraded', 'passing', 'degraded', 'failing'],
      ...['failing', 'failing', 'failing', 'passing'],
    ]);
  });

  it('fails when half of its runs fail, though never two in a row, and begins to count anew after that', () => {
    const record = new CheckRecord(0);
    expect(after('+-+-+-+-+', record).at(-1)).toBe('passing');
    expect(after('-', record)).toEqual(['failing']);
    expect(record.rates).toEqual({ error: 0.5, success: 0.5 });
    expect(after('++', record)).toEqual(['failing', 'passing']);
    expect(record.rates).toBeNull();
  });

  it('is degraded when too few runs pass, when one is slow, and when something is nearly wrong', () => {
    expect(after('++++++++-+').at(-1)).toBe('passing');
    expect(after('++++++-+-+').at(-1)).toBe('degraded');
    const record = new CheckRecord(0);
    record.add(run(true, 101), limits, 7);
    expect([record.judgement, record.since]).toEqual(['degraded', 7]);
    record.judge({ ...limits, threshold: { ...limits.threshold, response_time_ms: 200 } }, 8);
    expect([record.judgement, record.since]).toEqual(['passing', 8]);
    record.add(run(true, 10, '10 % of the disk is free'), limits, 9);
    expect(record.judgement).toBe('degraded');
  });

  it('does not count a failure that something else explains', () => {
    const record = new CheckRecord(0);
    for (let n = 0; n < 30; n++) record.add(run(false), limits, 0, false);
    expect([record.judgement, record.runs.length, record.suspicious]).toEqual(['unknown', 20, true]);
    after('-', record);
    record.excuse();
    expect(after('-', record)).toEqual(['degraded']);
  });
});
