import { describe, expect, it } from '@jest/globals';
import { StepRing } from './step-ring.ts';

const HOUR = 360;
const BEGIN = 4_000_000 * HOUR;

describe('StepRing', () => {
  it('keeps a day of steps, and no more, in constant memory', () => {
    const ring = new StepRing();
    for (let step = 0; step < 60 * HOUR; step++) ring.put(BEGIN + step, step);
    const last = BEGIN + 60 * HOUR - 1;
    for (const back of [0, 1, HOUR, 24 * HOUR - 1]) expect(ring.at(last - back)).toBe(60 * HOUR - 1 - back);
    expect(ring.at(last - 26 * HOUR)).toBeNaN();
    expect(ring.at(last + 1)).toBeNaN();
    expect(ring.bytes).toBe(StepRing.BYTES);
    expect(StepRing.BYTES).toBe(36_000);
  });

  it('takes memory only for hours with a value, and shows nothing between them', () => {
    const ring = new StepRing();
    ring.put(BEGIN, 1);
    ring.put(BEGIN + 5 * HOUR, 2);
    expect(ring.bytes).toBe(2 * 1440);
    expect([ring.at(BEGIN), ring.at(BEGIN + 5 * HOUR)]).toEqual([1, 2]);
    for (const step of [1, HOUR, 5 * HOUR - 1]) expect(ring.at(BEGIN + step)).toBeNaN();
  });

  it('shows nothing of an hour whose block was reused, and takes no value for it', () => {
    const ring = new StepRing();
    ring.put(BEGIN + 7, 1);
    ring.put(BEGIN + 25 * HOUR, 2);
    ring.put(BEGIN + 8, 3);
    expect([ring.at(BEGIN + 7), ring.at(BEGIN + 8), ring.at(BEGIN + 25 * HOUR + 7)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(ring.at(BEGIN + 25 * HOUR)).toBe(2);
  });
});
