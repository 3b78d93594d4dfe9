import { describe, expect, it } from '@jest/globals';
import { seriesRange } from './series-range.ts';

const now = new Date('2026-11-21T10:30:00.000Z');

describe('the steps of a series', () => {
  it('are the last day by hours, the last thirty days by days', () => {
    const hours = seriesRange({ step: 'hour' }, now);
    expect([hours.from.toISOString(), hours.to.toISOString(), hours.times.length]).toEqual([
      '2026-11-20T11:00:00.000Z',
      '2026-11-21T11:00:00.000Z',
      24,
    ]);
    const days = seriesRange({ step: 'day' }, now);
    expect([days.from.toISOString(), days.to.toISOString(), days.times.length]).toEqual([
      '2026-10-23T00:00:00.000Z',
      '2026-11-22T00:00:00.000Z',
      30,
    ]);
  });

  it('are whole steps for every requested range', () => {
    const range = seriesRange(
      { step: 'hour', from: '2026-11-20T10:59:59.000Z', to: '2026-11-20T12:00:00.001Z' },
      now,
    );
    expect(range.times.map((time) => time.toISOString())).toEqual([
      '2026-11-20T10:00:00.000Z',
      '2026-11-20T11:00:00.000Z',
      '2026-11-20T12:00:00.000Z',
    ]);
  });

  it.each([
    { step: 'hour' as const, from: '2026-11-21', to: '2026-11-21' },
    { step: 'hour' as const, from: '2026-11-22', to: '2026-11-21' },
    { step: 'hour' as const, from: '2026-10-01', to: '2026-11-21' },
    { step: 'day' as const, from: '0000-01-01' },
  ])('are refused: %j', (query) => {
    expect(() => seriesRange(query, now)).toThrow(
      expect.objectContaining({ code: 'PLATFORM.INVALID_INPUT' }),
    );
  });
});
