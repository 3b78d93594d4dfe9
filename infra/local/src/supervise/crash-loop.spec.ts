import { describe, expect, it } from '@jest/globals';
import { CrashLoop } from './crash-loop.ts';

describe('CrashLoop', () => {
  it('is reached by the fifth exit within 30 s', () => {
    const loop = new CrashLoop();
    expect([0, 5_000, 10_000, 20_000, 29_999].map((time) => loop.record(time))).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('ignores exits that are older than 30 s', () => {
    const loop = new CrashLoop();
    expect([0, 10_000, 20_000, 29_000, 30_000, 40_000].some((time) => loop.record(time))).toBe(false);
  });

  it('forgets all on reset', () => {
    const loop = new CrashLoop({ exits: 2, withinMs: 1_000 });
    loop.record(0);
    loop.reset();
    expect(loop.record(1)).toBe(false);
  });
});
