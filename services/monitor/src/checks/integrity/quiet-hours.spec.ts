import { describe, expect, it } from '@jest/globals';
import { isWithin } from './quiet-hours.ts';

describe('quiet hours', () => {
  it.each([
    ['1-5', '00:59', false],
    ['1-5', '01:00', true],
    ['1-5', '04:59', true],
    ['1-5', '05:00', false],
    ['22-4', '23:00', true],
    ['22-4', '03:59', true],
    ['22-4', '12:00', false],
    ['0-24', '12:00', true],
  ])('%s at %s: %s', (hours, time, expected) => {
    expect(isWithin(hours, new Date(`2026-01-05T${time}:00Z`))).toBe(expected);
  });
});
