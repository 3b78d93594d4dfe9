import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { forecastUnits } from './forecast-units.ts';

const pace = { used: 100, today: 5, passed: 0.5, daysLeft: 9 };

describe('the forecast of units', () => {
  it('goes on with the average of the last seven days, and is certain of even days', () => {
    const days = [...Array(20).fill(1000), ...Array(7).fill(10)];
    expect(forecastUnits({ ...pace, days }).forecast).toBe(190);
    expect(forecastUnits({ ...pace, days: Array(7).fill(10) })).toEqual({
      forecast: 190,
      low: 190,
      high: 190,
    });
  });

  it('has a range of 1.28 deviations of a day, times the root of the days left', () => {
    // The deviation of these days is 2, so that the range is 1.28 * 2 * 3 = 7.68 on each side.
    const days = [8, 10, 12];
    expect(forecastUnits({ ...pace, days })).toEqual({ forecast: 190, low: 182, high: 198 });
  });

  it('says how little it knows before three whole days', () => {
    expect(forecastUnits({ ...pace, days: [] })).toEqual({ forecast: 190, low: 100, high: 280 });
    expect(forecastUnits({ ...pace, days: [20, 20] })).toEqual({ forecast: 280, low: 100, high: 460 });
    expect(forecastUnits({ ...pace, days: [], today: 1, passed: 0 }).forecast).toBe(316);
  });

  it('is never below what is used, and low, forecast and high are in order', () => {
    const count = fc.integer({ min: 0, max: 1_000_000 });
    const given = fc.record({
      ...{ used: count, today: count, days: fc.array(count, { maxLength: 28 }) },
      passed: fc.double({ min: 0, max: 1, noNaN: true }),
      daysLeft: fc.double({ min: 0, max: 31, noNaN: true }),
    });
    fc.assert(
      fc.property(given, (one) => {
        const { forecast, low, high } = forecastUnits(one);
        expect(low).toBeGreaterThanOrEqual(one.used);
        expect(forecast).toBeGreaterThanOrEqual(low);
        expect(high).toBeGreaterThanOrEqual(forecast);
      }),
    );
  });
});
