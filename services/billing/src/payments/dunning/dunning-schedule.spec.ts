import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DunningDeed, dueStep, firstStepAt, graceEnds, mayRetry } from './dunning-schedule.ts';

const DAY_MS = 86_400_000;
const START = new Date('2026-12-01T08:00:00Z');
const day = (n: number) => new Date(START.getTime() + n * DAY_MS);

/** Runs a case to its end, looking at these moments; each moment may have several steps. */
function run(moments: readonly Date[]) {
  let done = 0;
  let nextAt: Date | null = firstStepAt(START);
  const deeds: { does: DunningDeed; at: Date }[] = [];
  for (const now of moments) {
    while (nextAt && nextAt <= now) {
      const step = dueStep(START, done, now);
      if (!step) break;
      deeds.push({ does: step.does, at: now });
      ({ done, nextAt } = step);
    }
  }
  return { deeds, ended: nextAt === null };
}

describe('the schedule of dunning', () => {
  it('retries on days 1, 3, 5 and 7, warns on day 10 and ends on day 14', () => {
    const { deeds, ended } = run(Array.from({ length: 15 }, (_, n) => day(n)));
    expect(deeds).toEqual([
      ...[1, 3, 5, 7].map((n) => ({ does: 'retry', at: day(n) })),
      { does: 'warn', at: day(10) },
      { does: 'end', at: day(14) },
    ]);
    expect(ended).toBe(true);
    expect(graceEnds(START)).toEqual(day(14));
    expect(dueStep(START, 0, day(0.99))).toBeNull();
  });

  it('makes one retry of those that an outage missed, and warns a day before the end at least', () => {
    expect(run([day(30), day(30.5), day(31), day(32)]).deeds).toEqual([
      { does: 'retry', at: day(30) },
      { does: 'warn', at: day(30) },
      { does: 'end', at: day(31) },
    ]);
  });

  it('retries four times at most, warns once before the end, and never ends before the grace', () => {
    const moments = fc
      .array(fc.double({ min: 0, max: 40, noNaN: true }), { maxLength: 60 })
      .map((days) => [...days].sort((a, b) => a - b).map(day));
    fc.assert(
      fc.property(moments, (all) => {
        const { deeds, ended } = run([...all, day(60), day(61)]);
        expect(ended).toBe(true);
        const order = deeds.map(({ does }) => does).join(' ');
        expect(order).toMatch(/^retry( retry){0,3} warn end$/);
        const at = (deed: DunningDeed) => deeds.findLast(({ does }) => does === deed)?.at.getTime() ?? 0;
        expect(at('end')).toBeGreaterThanOrEqual(graceEnds(START).getTime());
        expect(at('end') - at('warn')).toBeGreaterThanOrEqual(DAY_MS);
      }),
    );
  });

  it('charges a payment method again after a soft refusal alone, and another one always', () => {
    expect(mayRetry({ code: 'insufficient_funds', methodId: 'a' }, 'a')).toBe(true);
    expect(mayRetry({ code: 'stolen_card', methodId: 'a' }, 'a')).toBe(false);
    expect(mayRetry({ code: 'authentication_required', methodId: 'a' }, 'a')).toBe(false);
    expect(mayRetry({ code: 'stolen_card', methodId: 'a' }, 'b')).toBe(true);
    expect(mayRetry({ code: 'no_payment_method', methodId: null }, 'b')).toBe(true);
  });
});
