import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addOutcomes,
  type Evidence,
  fadedWeight,
  fadeTo,
  HALF_LIFE_MS,
  noEvidence,
  successRate,
} from './fading.ts';

const start = Date.UTC(2026, 10, 22);
const moment = fc.integer({ min: 0, max: 60 * 24 * 3_600_000 }).map((ms) => start + ms);
const outcome: fc.Arbitrary<Evidence> = fc.record({
  healed: fc.integer({ min: 0, max: 1000 }),
  failed: fc.integer({ min: 0, max: 1000 }),
  at: moment,
});
const sum = (outcomes: readonly Evidence[]) => outcomes.reduce(addOutcomes, noEvidence(start));

describe('fading', () => {
  it('halves what is a week old, and again for every further week', () => {
    const weeks = (n: number) => fadeTo({ healed: 8, failed: 4, at: start }, start + n * HALF_LIFE_MS);
    expect(HALF_LIFE_MS).toBe(604_800_000);
    expect(weeks(1)).toMatchObject({ healed: 4, failed: 2 });
    expect(weeks(3)).toMatchObject({ healed: 1, failed: 0.5 });
  });

  it('never makes anything weigh more, and never turns time back', () => {
    fc.assert(
      fc.property(outcome, moment, (one, later) => {
        const faded = fadeTo(one, later);
        expect(faded.healed).toBeLessThanOrEqual(one.healed);
        expect(faded.at).toBe(Math.max(one.at, later));
        expect(fadedWeight(one.at - later)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('in two steps is fading in one', () => {
    fc.assert(
      fc.property(outcome, moment, moment, (one, a, b) => {
        const [first, second] = a < b ? [a, b] : [b, a];
        expect(fadeTo(fadeTo(one, first), second).healed).toBeCloseTo(fadeTo(one, second).healed, 6);
      }),
    );
  });

  it('keeps the share of what healed', () => {
    fc.assert(
      fc.property(outcome, moment, (one, later) => {
        expect(successRate(fadeTo(one, later))).toBeCloseTo(successRate(one), 9);
      }),
    );
  });

  it('weighs outcomes alike in whatever order they arrive', () => {
    const shuffled = fc
      .array(outcome, { minLength: 1, maxLength: 30 })
      .chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const [a, b] = [sum(one), sum(other)];
        expect(a.at).toBe(b.at);
        expect(a.healed).toBeCloseTo(b.healed, 6);
        expect(a.failed).toBeCloseTo(b.failed, 6);
      }),
    );
  });

  it('has no share of nothing', () => {
    expect(successRate(noEvidence(start))).toBe(0);
  });
});
