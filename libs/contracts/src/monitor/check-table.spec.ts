import { describe, expect, it } from '@jest/globals';
import { idSchema } from '../values/identifiers.ts';
import { type CheckRow, defineChecks } from './check-definition.ts';
import { CHECKS, SYNTHETIC_PARTNER_ID } from './check-table.ts';

const row: CheckRow = CHECKS[0]!;

describe('the table of checks', () => {
  it('refuses a name that is taken, a dependency that is not above, and an interval out of bounds', () => {
    expect(() => defineChecks([row, row])).toThrow('defined twice');
    expect(() => defineChecks([{ ...row, dependencies: [row.name] }])).toThrow('not above it');
    expect(() => defineChecks([{ ...row, interval_ms: 60_000 }])).toThrow('out of its bounds');
    expect(() => defineChecks([{ ...row, timeout_ms: 0 }])).toThrow();
  });

  it('keeps a run within its interval, so that runs do not drift', () => {
    const slow = CHECKS.filter(({ timeout_ms, interval_bounds }) => timeout_ms > 2 * interval_bounds.max_ms);
    expect(slow).toEqual([]);
  });

  it('names a synthetic partner whose id is an id', () => {
    expect(idSchema('partner').safeParse(SYNTHETIC_PARTNER_ID).success).toBe(true);
  });
});
