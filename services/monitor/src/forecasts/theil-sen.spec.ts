import { describe, expect, it } from '@jest/globals';
import { fitLine } from './theil-sen.ts';

const x = Array.from({ length: 40 }, (_, i) => i * 15);

describe('fitLine', () => {
  it('has the slope of a line, without spread, rising everywhere', () => {
    const { slope, agreement, spread } = fitLine(
      x,
      x.map((at) => 3 + at / 100),
    );
    expect(slope).toBeCloseTo(0.01, 12);
    expect(agreement).toBe(1);
    expect(spread).toBeCloseTo(0, 12);
  });

  it('keeps the slope while a quarter of the points is wrong', () => {
    const { slope } = fitLine(
      x,
      x.map((at, i) => (i % 4 === 1 ? 500 : 3 + at / 100)),
    );
    expect(slope).toBeGreaterThan(0.008);
    expect(slope).toBeLessThan(0.012);
  });

  it('has no agreement for what falls, or does not move', () => {
    expect(
      fitLine(
        x,
        x.map((at) => -at),
      ).agreement,
    ).toBe(0);
    expect(
      fitLine(
        x,
        x.map(() => 4),
      ),
    ).toEqual({ slope: 0, agreement: 0, spread: 0 });
  });
});
