import { describe, expect, it } from '@jest/globals';
import { fromMinor, toMinor } from './money-input.ts';

describe('an amount that is typed', () => {
  it.each<[string, string, number | null]>([
    ['50', 'EUR', 5000],
    [' 12.5 ', 'EUR', 1250],
    ['12,50', 'EUR', 1250],
    ['0.01', 'EUR', 1],
    ['1200', 'JPY', 1200],
    ['1.250', 'KWD', 1250],
    ['12.345', 'EUR', null],
    ['12.5', 'JPY', null],
    ['-1', 'EUR', null],
    ['1e3', 'EUR', null],
    ['', 'EUR', null],
    ['12345678901', 'EUR', null],
  ])('%j of %s is %p', (typed, currency, minor) => {
    expect(toMinor(typed, currency)).toBe(minor);
  });

  it('is shown as it would be typed', () => {
    expect([fromMinor(5000, 'EUR'), fromMinor(1250, 'EUR'), fromMinor(1200, 'JPY')]).toEqual([
      ...['50', '12.50', '1200'],
    ]);
  });
});
