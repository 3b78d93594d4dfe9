import { getUsage } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { usageRange } from './usage-range.ts';

const now = new Date('2026-11-21T23:59:59.999Z');

describe('usageRange', () => {
  it.each([
    [{}, '2026-11-01', '2026-11-21'],
    [{ from: '2026-10-05' }, '2026-10-05', '2026-11-21'],
    [{ to: '2026-09-09' }, '2026-09-01', '2026-09-09'],
    [{ from: '2027-01-02' }, '2027-01-02', '2027-01-02'],
    [{ from: '2026-01-01', to: '2026-01-01' }, '2026-01-01', '2026-01-01'],
  ])('%j is from %s to %s', (query, from, to) => {
    expect(usageRange(query, now)).toEqual({ from, to });
  });

  it('changes the day at midnight in UTC', () => {
    expect(usageRange({}, new Date('2026-12-01T00:00:00Z'))).toEqual({
      from: '2026-12-01',
      to: '2026-12-01',
    });
  });

  it('refuses days that the database cannot store', () => {
    expect(() => usageRange({ from: '0000-01-01', to: '2026-01-01' }, now)).toThrow(
      expect.objectContaining({
        code: 'PLATFORM.INVALID_INPUT',
        problems: [{ detail: 'must not be before 2000-01-01', pointer: '/from' }],
      }),
    );
  });

  it('never ends before it begins, for any input that the contract accepts', () => {
    const day = fc
      .date({ min: new Date('2000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    const query = fc.record({ from: day, to: day }, { requiredKeys: [] });
    fc.assert(
      fc.property(query, (given) => {
        const parsed = getUsage.input.safeParse(given);
        fc.pre(parsed.success);
        const { from, to } = usageRange(parsed.data!, now);
        expect(from <= to).toBe(true);
      }),
    );
  });
});
