import { describe, expect, it } from '@jest/globals';
import { Backoff } from './backoff.ts';

const waits = (backoff: Backoff, exits: number, ranMs = 0) =>
  Array.from({ length: exits }, () => backoff.next(ranMs));

describe('Backoff', () => {
  it('doubles from 100 ms to 5 s and stays there', () => {
    expect(waits(new Backoff(), 8)).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  });

  it('starts over after a run that was long enough', () => {
    const backoff = new Backoff();
    waits(backoff, 8);
    expect(backoff.next(9_999)).toBe(5_000);
    expect(backoff.next(10_000)).toBe(100);
  });

  it('starts over on reset', () => {
    const backoff = new Backoff();
    waits(backoff, 3);
    backoff.reset();
    expect(backoff.next(0)).toBe(100);
  });
});
