import { describe, expect, it } from '@jest/globals';
import {
  bestPlan,
  CALL_STEPS,
  callsOf,
  money,
  monthlyCost,
  type Plan,
  priceOfTenThousand,
  stepOf,
} from './pricing.ts';

const plan = (id: string, monthly: number, included: number, unit: string, daily: number): Plan => ({
  id,
  name: id,
  currency: 'EUR',
  monthly_price: monthly,
  included_calls: included,
  unit_price: unit,
  limits: { burst_per_minute: 60, daily },
});
const free = plan('free', 0, 10_000, '0', 1_000);
const growth = plan('growth', 4_900, 500_000, '0.012', 50_000);
const scale = plan('scale', 49_900, 10_000_000, '0.0065', 1_000_000);
const plans = [free, growth, scale];

describe('the price of a month', () => {
  it.each([
    [growth, 0, 4_900],
    [growth, 500_000, 4_900],
    [growth, 500_001, 4_900],
    [growth, 600_000, 6_100],
    [growth, 1_500_000, 16_900],
    [growth, 1_500_001, null],
    [free, 30_000, 0],
    [free, 30_001, null],
    [scale, 20_000_000, 114_900],
  ])('%#', (one, calls, cost) => {
    expect(monthlyCost(one, calls)).toBe(cost);
  });

  it('is lowest with the best plan', () => {
    expect(bestPlan(plans, 10_000)?.id).toBe('free');
    expect(bestPlan(plans, 30_001)?.id).toBe('growth');
    expect(bestPlan(plans, 1_500_001)?.id).toBe('scale');
    expect(bestPlan(plans, 30_000_001)).toBeNull();
    expect(bestPlan([], 1)).toBeNull();
  });

  it('is written in the currency', () => {
    expect(money(4_900, 'EUR', 'en')).toBe('€49');
    expect(money(4_950, 'EUR', 'en')).toBe('€49.50');
    expect(money(500, 'JPY', 'en')).toBe('¥500');
    expect(priceOfTenThousand(growth)).toBe(120);
    expect(priceOfTenThousand(scale)).toBe(65);
  });
});

describe('the slider', () => {
  it('is kept in the address', () => {
    expect(callsOf('?calls=20000')).toBe(20_000);
    expect(callsOf('')).toBe(500_000);
    for (const junk of ['?calls=-1', '?calls=1e9', '?calls=abc', '?calls=', '?calls=99999999999'])
      expect(callsOf(junk)).toBe(500_000);
    expect(callsOf('?calls=9999999999')).toBe(1_000_000_000);
  });

  it('finds its step by ratio', () => {
    expect(CALL_STEPS[stepOf(500_000)]).toBe(500_000);
    expect(CALL_STEPS[stepOf(0)]).toBe(1_000);
    expect(CALL_STEPS[stepOf(700_000)]).toBe(500_000);
    expect(CALL_STEPS[stepOf(800_000)]).toBe(1_000_000);
    expect(CALL_STEPS[stepOf(1e9)]).toBe(50_000_000);
  });
});
