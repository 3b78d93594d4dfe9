import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AnomalyDetector, type Assessment } from './anomaly-detector.ts';
import { METRIC_KINDS, type MetricKind } from './metric-kinds.ts';
import { SYMPTOM_AFTER_MS } from './paces.ts';

const STEP_MS = 10_000;
const HOUR_MS = 3_600_000;
const LEARNED_MS = 1.5 * HOUR_MS;

/** Noise between -1 and 1 that looks random and is the same in each run. */
const noise = (i: number) => ((Math.imul(i + 1, 2654435761) >>> 0) / 2 ** 31 - 1) * 0.9;

type Load = (at: number) => number | null;

/** Feeds one sample a step, from `from` ms to `to` ms, and returns every assessment. */
function feedAll(detector: AnomalyDetector, from: number, to: number, value: Load): Assessment[] {
  const assessments = [];
  for (let at = from + 1; at < to; at += STEP_MS) assessments.push(detector.observe(value(at), at));
  return assessments;
}
const feed = (...input: Parameters<typeof feedAll>): Assessment => feedAll(...input).at(-1) as Assessment;

/** A detector that has learned a level of 50 with some noise. */
function learned(kind: MetricKind = METRIC_KINDS.latency, level = 50) {
  const detector = new AnomalyDetector(kind);
  const usual = (at: number) => level * (1 + 0.05 * noise(at / STEP_MS));
  const assessment = feed(detector, 0, LEARNED_MS, usual);
  return { detector, usual, assessment };
}

describe('AnomalyDetector', () => {
  it('only watches until it has seen enough, whatever happens meanwhile', () => {
    const detector = new AnomalyDetector(METRIC_KINDS.latency);
    for (let at = 1; at < HOUR_MS / 2; at += STEP_MS)
      expect(detector.observe(at > HOUR_MS / 4 ? 5000 : 50, at)).toMatchObject({
        state: 'learning',
        symptom: false,
      });
    expect(learned().assessment.state).toBe('normal');
  });

  it('finds a new level, says what would be usual, and clears when the old level is back', () => {
    const { detector, usual } = learned();
    const found = feed(detector, LEARNED_MS, LEARNED_MS + 120_000, (at) => 2 * usual(at));
    expect(found).toMatchObject({ state: 'anomalous', symptom: true });
    expect(found.expected?.[0]).toBeLessThan(50);
    expect(found.expected?.[1]).toBeGreaterThan(50);
    expect(found.expected?.[1]).toBeLessThan(100);
    expect(found.why).toMatch(/^[\d.]+ ms, usual after the last minutes: [\d.]+ to [\d.]+\.$/);
    const still = feed(detector, LEARNED_MS + 120_000, LEARNED_MS + 1_200_000, (at) => 2 * usual(at));
    expect(still).toMatchObject({ state: 'anomalous', since: found.since });
    const over = feed(detector, LEARNED_MS + 1_200_000, LEARNED_MS + 1_400_000, usual);
    expect(over).toMatchObject({ state: 'normal', since: null });
  });

  it('is no symptom before it has lasted, nor for a burst of half a minute', () => {
    const { detector, usual } = learned();
    const burst = (ms: number) => (at: number) => usual(at) * (at < LEARNED_MS + ms ? 20 : 1);
    const during = feedAll(detector, LEARNED_MS, LEARNED_MS + 600_000, burst(30_000));
    expect(during.some(({ score }) => score >= 1)).toBe(true);
    expect(during.some(({ symptom }) => symptom)).toBe(false);
    const longer = learned().detector;
    const found = feedAll(longer, LEARNED_MS, LEARNED_MS + 600_000, burst(120_000));
    const at = (what: (one: Assessment) => boolean) => found.findIndex(what) * STEP_MS;
    expect(at(({ symptom }) => symptom) - at(({ state }) => state === 'anomalous')).toBe(SYMPTOM_AFTER_MS);
  });

  it('takes a level that stays as the usual one after an hour', () => {
    const { detector, usual } = learned();
    const twice = (at: number) => 2 * usual(at);
    expect(feed(detector, LEARNED_MS, LEARNED_MS + 0.9 * HOUR_MS, twice).state).toBe('anomalous');
    const accepted = feed(detector, LEARNED_MS + 0.9 * HOUR_MS, LEARNED_MS + 2 * HOUR_MS, twice);
    expect(accepted.state).toBe('normal');
    expect(accepted.expected?.[1]).toBeGreaterThan(100);
  });

  it('reports only what harms: memory that falls is no anomaly, throughput that falls is', () => {
    for (const [kind, state] of [
      ['memory', 'normal'],
      ['throughput', 'anomalous'],
    ] as const) {
      const { detector, usual } = learned(METRIC_KINDS[kind], 3e8);
      expect(feed(detector, LEARNED_MS, LEARNED_MS + 120_000, (at) => usual(at) / 3).state).toBe(state);
    }
  });

  it('is not odd at the first change of a flat count, and is at a large one', () => {
    for (const level of [0, 3]) {
      const detector = new AnomalyDetector(METRIC_KINDS.count);
      feed(detector, 0, LEARNED_MS, () => level);
      const changed = feed(detector, LEARNED_MS, LEARNED_MS + 600_000, () => level + 2);
      expect(changed.state).toBe('normal');
      const broken = feed(detector, LEARNED_MS + 600_000, LEARNED_MS + 720_000, () => level + 40);
      expect(broken).toMatchObject({ state: 'anomalous', symptom: true });
    }
  });

  it('compares across a short gap, and learns the level anew after a long one', () => {
    for (const [gapMs, state] of [
      [60_000, 'anomalous'],
      [HOUR_MS, 'learning'],
    ] as const) {
      const { detector, usual } = learned();
      const from = LEARNED_MS + gapMs;
      feed(detector, LEARNED_MS, from, () => null);
      expect(feed(detector, from, from + 120_000, (at) => 3 * usual(at)).state).toBe(state);
    }
  });

  it('lets a new process warm up and fill its heap, and finds one that is worse', () => {
    for (const [after, state] of [
      [1, 'normal'],
      [2, 'anomalous'],
    ] as const) {
      const { detector, usual } = learned();
      detector.restart(LEARNED_MS);
      const warming = (at: number) => {
        const minutes = (at - LEARNED_MS) / 60_000;
        if (minutes < 1) return usual(at) * 5;
        return after * usual(at) * (minutes < 4 ? 0.4 + 0.15 * minutes : 1);
      };
      expect(feed(detector, LEARNED_MS, LEARNED_MS + 360_000, warming).state).toBe(state);
    }
  });

  it('ends with the process: what was odd before a restart must be odd after it to be a symptom', () => {
    for (const [after, state] of [
      [1, 'normal'],
      [4, 'anomalous'],
    ] as const) {
      const { detector, usual } = learned();
      const begun = feed(detector, LEARNED_MS, LEARNED_MS + 70_000, (at) => 4 * usual(at));
      expect(begun).toMatchObject({ state: 'anomalous', symptom: false });
      detector.restart(LEARNED_MS + 70_000);
      expect(detector.observe(null, LEARNED_MS + 70_001)).toMatchObject({ state: 'normal', since: null });
      const since = feedAll(detector, LEARNED_MS + 70_001, LEARNED_MS + 400_000, (at) => after * usual(at));
      expect(since.at(-1)?.state).toBe(state);
      expect(since.some(({ symptom }) => symptom)).toBe(state === 'anomalous');
    }
  });

  it('mutes what is odd again and again, learns it, and listens again', () => {
    const { detector, usual } = learned();
    const period = 20 * 60_000;
    const until = LEARNED_MS + 4 * HOUR_MS;
    const again = (at: number) => usual(at) * ((at - LEARNED_MS) % period < 180_000 ? 3 : 1);
    const states = new Set(feedAll(detector, LEARNED_MS, until, again).map(({ state }) => state));
    expect([...states]).toEqual(['normal', 'anomalous', 'muted']);
    expect(detector.observe(null, until).state).toBe('muted');
    expect(feed(detector, until, until + 8 * HOUR_MS, usual).state).toBe('normal');
  });

  it('ignores samples that are no measurement, or not later than the last one', () => {
    const { detector, assessment } = learned();
    for (const at of [0, LEARNED_MS - STEP_MS, Number.NaN])
      expect(detector.observe(9e9, at).state).toBe('normal');
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1e300, null])
      for (let i = 1; i < 30; i++)
        expect(detector.observe(value, LEARNED_MS + i).state).toBe(assessment.state);
  });

  it('never says NaN, and never grows', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.integer({ min: -5, max: 5 }),
      fc.double(),
      fc.constantFrom(0, -0, 1e99, -1e99, 5e-324),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, fc.integer({ min: -1, max: 200_000 }), fc.integer({ min: 0, max: 30 })), {
          maxLength: 400,
        }),
        (samples) => {
          const detector = new AnomalyDetector({ ...METRIC_KINDS.throughput, leastChange: 0, leastShare: 0 });
          const { bytes } = detector;
          let at = feed(detector, 0, LEARNED_MS, () => 7) && LEARNED_MS;
          for (const [sample, ms, restart] of samples) {
            at += ms;
            if (restart === 0) detector.restart(at);
            const { score, expected, state } = detector.observe(sample, at);
            expect(score).toBeGreaterThanOrEqual(0);
            expect(score).toBeLessThanOrEqual(99);
            for (const bound of expected ?? []) expect(bound).not.toBeNaN();
            expect(['learning', 'normal', 'anomalous', 'muted']).toContain(state);
          }
          expect(detector.bytes).toBe(bytes);
        },
      ),
      { numRuns: 40 },
    );
    expect(new AnomalyDetector(METRIC_KINDS.latency).bytes).toBeLessThan(10_000);
  });

  it('judges a series and its multiple alike', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -40, max: 40 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.double({ min: 1, max: 5, noNaN: true }),
        (power, offset, factor) => {
          const scale = 2 ** power;
          const kind = METRIC_KINDS.throughput;
          const plain = new AnomalyDetector(kind);
          const scaled = new AnomalyDetector({ ...kind, leastChange: kind.leastChange * scale });
          for (let at = 1; at < LEARNED_MS + 600_000; at += STEP_MS) {
            const usual = 50 * (1 + 0.05 * noise(at / STEP_MS + offset));
            const value = at > LEARNED_MS && at < LEARNED_MS + 240_000 ? usual * factor : usual;
            const one = plain.observe(value, at);
            const other = scaled.observe(value * scale, at);
            expect(other).toEqual({
              ...one,
              expected: one.expected?.map((bound) => bound * scale) ?? null,
              why: other.why,
            });
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
