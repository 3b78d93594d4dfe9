import { describe, expect, it } from '@jest/globals';
import { shares } from './duration-bar.tsx';
import { alone } from './series.ts';
import { sparkPoints } from './spark-line.tsx';
import { statusOfStep } from './uptime-bar.tsx';

describe('a spark line', () => {
  it('begins at zero and ends at the right edge', () => {
    expect(sparkPoints([0, 10], 100, 23)).toEqual(['0.0,21.5', '100.0,1.5']);
  });
  it('is drawn for one value and for none', () => {
    expect(sparkPoints([5], 100, 23)).toHaveLength(2);
    expect(sparkPoints([], 100, 23)).toEqual(['0.0,21.5', '100.0,21.5']);
  });
});

it('a value between two gaps is drawn as a point, as is a lone one at an end', () => {
  expect(alone([1, null, 2, 3, null, 0, null, null, 4])).toEqual([0, 5, 8]);
  expect(alone([null, 1, 2])).toEqual([]);
});

it('phases fill the bar, and each of them is visible', () => {
  const widths = shares([
    { name: 'Detect', ms: 1 },
    { name: 'Act', ms: 9999 },
    { name: 'Verify', ms: null },
  ]);
  expect(widths.reduce((sum, width) => sum + width)).toBeCloseTo(1);
  expect(Math.min(...widths)).toBeGreaterThan(0.04);
});

describe('a step of an uptime bar', () => {
  const step = { at: '2026-11-28T00:00:00.000Z', label: '28 Nov' };
  it('without data is unknown, never good', () => {
    expect([1, 0.995, 0.5, null].map((up) => statusOfStep({ ...step, up }))).toEqual([
      'pass',
      'warn',
      'fail',
      'unknown',
    ]);
  });
  it('that worked less well for a part of it is no good one', () => {
    expect([0.005, 0.5].map((degraded) => statusOfStep({ ...step, up: 1, degraded }))).toEqual([
      'pass',
      'warn',
    ]);
  });
});
