import { describe, expect, it } from '@jest/globals';
import { formatMoney, formatShare, plural } from './numbers.ts';
import { formatDuration, formatMoment, formatRelative } from './times.ts';

const at = new Date('2026-11-28T14:03:22Z');

describe('times', () => {
  it('show the zone', () => {
    expect(formatMoment(at, 'utc', 'second')).toBe('28 Nov 2026, 14:03:22 UTC');
    expect(formatMoment(at, 'utc', 'day')).toBe('28 Nov 2026');
  });
  it.each([
    [2, 'now'],
    [45, '45 s ago'],
    [600, '10 min ago'],
    [3 * 3600, '3 h ago'],
    [8 * 86_400, '8 d ago'],
    [-600, 'in 10 min'],
  ])('%d s before now is %s', (seconds, text) => {
    expect(formatRelative(at, new Date(at.getTime() + seconds * 1000))).toBe(text);
  });
  it.each([
    [48, '48 ms'],
    [1240, '1.2 s'],
    [42_000, '42 s'],
    [200_000, '3 min 20 s'],
    [3_900_000, '1 h 5 min'],
  ])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('numbers', () => {
  it('never round a share up to 100%', () => {
    expect(formatShare(0.99999)).toBe('99.99%');
    expect(formatShare(1)).toBe('100%');
    expect(formatShare(0.5)).toBe('50%');
  });
  it('format minor units by the currency', () => {
    expect(formatMoney(4900, 'EUR')).toBe('€49.00');
    expect(formatMoney(4900, 'JPY')).toBe('¥4,900');
  });
  it('count things', () => expect([plural(1, 'key'), plural(2000, 'key')]).toEqual(['1 key', '2,000 keys']));
});
