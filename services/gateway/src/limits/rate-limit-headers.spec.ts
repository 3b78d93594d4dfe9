import { describe, expect, it } from '@jest/globals';
import { bindingPolicy, renderPolicies, renderState } from './rate-limit-headers.ts';

describe('the rate limit headers', () => {
  it('list every policy', () => {
    expect(
      renderPolicies([
        { name: 'burst', quota: 100, windowSeconds: 60 },
        { name: 'daily', quota: 1000, windowSeconds: 86_400 },
      ]),
    ).toBe('"burst";q=100;w=60,"daily";q=1000;w=86400');
  });

  it('show the policy that runs out first, and of two exhausted ones the one with the later reset', () => {
    const burst = { name: 'burst', remaining: 50, resetSeconds: 30 };
    expect(renderState(bindingPolicy([burst, { name: 'daily', remaining: 900, resetSeconds: 5000 }])!)).toBe(
      '"burst";r=50;t=30',
    );
    expect(
      bindingPolicy([
        { name: 'burst', remaining: 0, resetSeconds: 30 },
        { name: 'daily', remaining: 0, resetSeconds: 5000 },
      ])?.name,
    ).toBe('daily');
  });
});
