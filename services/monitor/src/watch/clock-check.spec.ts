import { describe, expect, it } from '@jest/globals';
import { ClockCheck } from './clock-check.ts';

describe('ClockCheck', () => {
  it('believes ticks that come about when they should', () => {
    const clockCheck = new ClockCheck(100);
    expect([0, 100, 230, 830].map((now) => clockCheck.tick(now))).toEqual([0, 0, 0, 0]);
  });

  it('says by how much a tick is late, once', () => {
    const clockCheck = new ClockCheck(100);
    clockCheck.tick(0);
    expect(clockCheck.tick(3100)).toBe(3000);
    expect(clockCheck.tick(3200)).toBe(0);
  });

  it('notices that the clock was set back', () => {
    const clockCheck = new ClockCheck(100);
    clockCheck.tick(1_000_000);
    expect(clockCheck.tick(900_000)).toBe(-100_100);
  });
});
