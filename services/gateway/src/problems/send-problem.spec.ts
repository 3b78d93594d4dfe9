import { describe, expect, it } from '@jest/globals';
import { pathOf } from './send-problem.ts';

describe('the path of a problem', () => {
  it.each([0, 1, 2])('is never cut within a percent-escape, %i characters on', (shift) => {
    const path = pathOf(`/${'a'.repeat(shift)}${'%E2%82%AC'.repeat(200)}?secret=1`);
    expect(path.length).toBeGreaterThan(990);
    expect(path.length).toBeLessThanOrEqual(1000);
    expect(path).toMatch(/^\/a*(%[0-9A-F]{2})+$/);
  });

  it('leaves the query out', () => {
    expect(pathOf('/v1/plans?secret=1')).toBe('/v1/plans');
  });
});
