import { describe, expect, it } from '@jest/globals';
import { dayIn, stepsOf } from './usage-costs.ts';
import { errorShare, rangeOf } from './usage-range.ts';

const now = Date.parse('2026-11-28T14:30:00Z');
describe('a range', () => {
  it('ends with the present step', () => {
    expect(rangeOf('24h', now)).toEqual({
      from: '2026-11-27T15:00:00.000Z',
      to: '2026-11-28T15:00:00.000Z',
      step: 'hour',
    });
    expect(rangeOf('30d', now)).toEqual({
      from: '2026-10-30T00:00:00.000Z',
      to: '2026-11-29T00:00:00.000Z',
      step: 'day',
    });
  });
  it('is constant within a step, and changes at its edge', () => {
    expect(rangeOf('24h', now)).toEqual(rangeOf('24h', now + 60_000));
    expect(rangeOf('24h', Date.parse('2026-11-28T15:00:00Z')).to).toBe('2026-11-28T16:00:00.000Z');
  });
});

it('the share of errors counts from 400 on, and is null without calls', () => {
  expect(
    errorShare([
      { value: '200', total_calls: 3 },
      { value: '404', total_calls: 1 },
    ]),
  ).toBe(0.25);
  expect(errorShare([])).toBeNull();
});

describe('the steps of costs', () => {
  it('are all days, and the hours between the first and the last group', () => {
    expect(stepsOf('day', '2026-11-29', '2026-12-01', ['2026-11-30'])).toEqual([
      ...['2026-11-29', '2026-11-30', '2026-12-01'],
    ]);
    const hours = ['2026-11-29T22:00:00.000Z', '2026-11-30T00:00:00.000Z'];
    expect(stepsOf('hour', '2026-11-29', '2026-11-30', hours)).toEqual([
      ...[hours[0], '2026-11-29T23:00:00.000Z', hours[1]],
    ]);
  });
  it('begin with the day of the zone', () => {
    const moment = new Date('2026-11-29T19:00:00Z');
    expect([dayIn(moment, 'UTC'), dayIn(moment, 'Asia/Kolkata')]).toEqual(['2026-11-29', '2026-11-30']);
  });
});
