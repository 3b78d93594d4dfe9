import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Anchor, daysOf, monthsAfter, periodAround } from './periods.ts';

const ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'America/St_Johns', 'Asia/Kolkata', 'Asia/Kathmandu'],
  ...['Australia/Lord_Howe', 'Pacific/Apia', 'Pacific/Chatham', 'Africa/Casablanca', 'America/Sao_Paulo'],
];
const anchor: fc.Arbitrary<Anchor> = fc.record({
  at: fc
    .integer({ min: Date.UTC(2011, 0, 1) / 1000, max: Date.UTC(2040, 0, 1) / 1000 })
    .map((seconds) => new Date(seconds * 1000)),
  zone: fc.constantFrom(...ZONES),
});
const days = (at: string, zone: string, months: number[]) =>
  months.map((count) => monthsAfter({ at: new Date(at), zone }, count).toISOString());

describe('the periods of a subscription', () => {
  it('end on the last day of a month without the day of the anchor', () => {
    expect(days('2027-01-31T00:00:00Z', 'UTC', [1, 2, 3, 13])).toEqual([
      ...['2027-02-28T00:00:00.000Z', '2027-03-31T00:00:00.000Z', '2027-04-30T00:00:00.000Z'],
      '2028-02-29T00:00:00.000Z',
    ]);
    expect(days('2028-02-29T12:00:00Z', 'UTC', [12, 48])).toEqual([
      ...['2029-02-28T12:00:00.000Z', '2032-02-29T12:00:00.000Z'],
    ]);
  });

  it('keep the time of the clock through daylight saving', () => {
    expect(days('2027-02-28T23:00:00Z', 'Europe/Berlin', [0, 1, 8, 9])).toEqual([
      ...['2027-02-28T23:00:00.000Z', '2027-03-31T22:00:00.000Z', '2027-10-31T23:00:00.000Z'],
      '2027-11-30T23:00:00.000Z',
    ]);
    // 02:30 of 28 March 2027 does not exist in Berlin.
    expect(days('2027-02-28T01:30:00Z', 'Europe/Berlin', [1])).toEqual(['2027-03-28T01:30:00.000Z']);
  });

  it('tile time: every moment is in exactly one', () => {
    fc.assert(
      fc.property(anchor, fc.constantFrom(1, 12), fc.integer({ min: 0, max: 120 }), (one, size, index) => {
        const [from, to, next] = [index, index + 1, index + 2].map((n) => monthsAfter(one, n * size));
        expect(from?.getTime()).toBeLessThan(to?.getTime() as number);
        for (const moment of [from, new Date((to?.getTime() as number) - 1)])
          expect(periodAround(one, size, moment as Date)).toEqual({ from, to });
        expect(periodAround(one, size, to as Date)).toEqual({ from: to, to: next });
      }),
      { numRuns: 500 },
    );
  });

  it('never last shorter than 27 days and 22 hours, nor longer than 31 days and 2 hours', () => {
    fc.assert(
      fc.property(anchor, fc.integer({ min: 0, max: 240 }), (one, index) => {
        const hours = (monthsAfter(one, index + 1).getTime() - monthsAfter(one, index).getTime()) / 3_600_000;
        // Apia has skipped a whole day, the 30th of December 2011.
        expect(hours).toBeGreaterThanOrEqual((one.zone === 'Pacific/Apia' ? 26 : 27) * 24 + 22);
        expect(hours).toBeLessThanOrEqual(31 * 24 + 2);
      }),
    );
  });

  it('are named by the days of their zone, both included', () => {
    const period = { from: new Date('2026-10-31T18:30:00Z'), to: new Date('2026-11-30T18:30:00Z') };
    expect(daysOf(period, 'Asia/Kolkata')).toEqual({ from: '2026-11-01', to: '2026-11-30' });
    expect(daysOf(period, 'UTC')).toEqual({ from: '2026-10-31', to: '2026-11-30' });
  });
});
