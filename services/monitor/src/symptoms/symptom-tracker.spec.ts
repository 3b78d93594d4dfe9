import { symptomSchema } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import type { Condition } from './condition.ts';
import { SymptomTracker } from './symptom-tracker.ts';

const began = Date.UTC(2026, 0, 5, 10);
const frozen: Condition = {
  signal: 'instance.unresponsive',
  target: { kind: 'service', name: 'billing', process: 'billing' },
  beganAt: began,
  suspects: ['postgres'],
  evidence: { pid: 7 },
};
const unready: Condition = { ...frozen, signal: 'instance.not-ready' };
let traces = 0;
const tracker = (open = [] as ReturnType<SymptomTracker['open']>) =>
  new SymptomTracker(() => `trace-${++traces}`, open);

describe('SymptomTracker', () => {
  it('publishes once that it fires and once that it cleared, in one trace and under one id', () => {
    const one = tracker();
    const published = [
      ...one.evaluate([frozen], began + 2600),
      ...one.evaluate([frozen], began + 2700),
      ...one.evaluate([], began + 5000),
      ...one.evaluate([], began + 5600),
      ...one.evaluate([], began + 9000),
    ];
    expect(published.map(({ symptom }) => symptom.state)).toEqual(['firing', 'cleared']);
    expect(published[0]?.symptom.id).toBe(published[1]?.symptom.id);
    expect(published[0]?.traceparent).toBe(published[1]?.traceparent);
    expect(published[1]?.symptom.evidence).toEqual({ pid: 7, fired_for_ms: 3000 });
    expect(published.map(({ symptom }) => symptomSchema.safeParse(symptom).success)).toEqual([true, true]);
  });

  it('waits with what dependents merely report', () => {
    const one = tracker();
    expect(one.evaluate([unready], began)).toEqual([]);
    expect(one.evaluate([unready], began + 2900)).toEqual([]);
    expect(one.evaluate([unready], began + 3000)).toHaveLength(1);
  });

  it('gives the same trouble the same id, and another trouble another', () => {
    const id = (condition: Condition) => tracker().evaluate([condition], began)[0]?.symptom.id;
    expect(id(frozen)).toBe(id({ ...frozen, evidence: {} }));
    expect(id(frozen)).not.toBe(id({ ...frozen, beganAt: began + 1 }));
    expect(id(frozen)).not.toBe(id({ ...frozen, target: { ...frozen.target, process: 'billing-2' } }));
  });

  it('clears after a restart what it raised before', () => {
    const before = tracker();
    before.evaluate([frozen], began);
    const after = tracker(before.open());
    expect(after.evaluate([frozen], began + 3000)).toEqual([]);
    after.evaluate([], began + 4000);
    const published = after.evaluate([], began + 4500);
    expect(published.map(({ symptom }) => symptom.state)).toEqual(['cleared']);
    expect(after.open()).toEqual([]);
  });

  it('does not count time in which nothing could be known', () => {
    const one = tracker();
    one.evaluate([unready], began);
    one.shift(60_000);
    expect(one.evaluate([unready], began + 60_100)).toEqual([]);
  });
});
