import { listPlans } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { FIRST_PLAN_ID, PLANS } from './plan.ts';

describe('plans', () => {
  it('are what the contract promises', () => {
    const response = { object: 'list', url: '/v1/plans', has_more: false, data: PLANS };
    expect(listPlans.output.parse(response)).toEqual(response);
  });

  it('contain the first plan of accounts, free of charge', () => {
    expect(PLANS.find((plan) => plan.id === FIRST_PLAN_ID)).toMatchObject({
      monthly_price: 0,
      unit_price: '0',
    });
  });

  it('include more calls for a higher price', () => {
    for (let i = 1; i < PLANS.length; i++) {
      const [less, more] = [PLANS[i - 1]!, PLANS[i]!];
      expect(more.monthly_price).toBeGreaterThan(less.monthly_price);
      expect(more.included_calls).toBeGreaterThan(less.included_calls);
      expect(more.limits.burst_per_minute).toBeGreaterThan(less.limits.burst_per_minute);
      expect(more.limits.daily).toBeGreaterThan(less.limits.daily);
    }
  });

  it('never include more calls than their daily limit permits', () => {
    for (const plan of PLANS) expect(plan.included_calls).toBeLessThanOrEqual(plan.limits.daily * 31);
  });

  it('have unit prices as plain decimals', () => {
    for (const plan of PLANS) expect(plan.unit_price).toMatch(/^(0|[1-9]\d*)(\.\d+)?$/);
  });
});
