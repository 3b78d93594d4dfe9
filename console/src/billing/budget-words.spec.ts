import { describe, expect, it } from '@jest/globals';
import { budgetNotice } from './budget-words.ts';

describe('the notice about a budget', () => {
  const at = (percent: number, at_limit: 'overage' | 'hard_stop') =>
    budgetNotice({
      ...{ amount: 5000, at_limit, limit_calls: 100, percent, alerts: [] },
      updated_at: '2026-11-30T09:00:00Z',
    });

  it('is there from 80 % on, and says whether calls are stopped', () => {
    expect([budgetNotice(null), at(79, 'hard_stop')]).toEqual([null, null]);
    expect(at(80, 'hard_stop')).toMatchObject({ status: 'warn', text: expect.stringContaining('80 %') });
    expect(at(140, 'overage')).toMatchObject({ status: 'warn', text: expect.stringContaining('go on') });
    expect(at(100, 'hard_stop')).toMatchObject({ status: 'fail', text: expect.stringContaining('stopped') });
  });
});
