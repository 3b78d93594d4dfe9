import { describe, expect, it } from '@jest/globals';
import { SelfDoubt } from './self-doubt.ts';

describe('SelfDoubt', () => {
  it('believes ticks that come about when they should', () => {
    const doubt = new SelfDoubt(100);
    expect([0, 100, 230, 830].map((now) => doubt.tick(now))).toEqual([0, 0, 0, 0]);
  });

  it('says by how much a tick is late, once', () => {
    const doubt = new SelfDoubt(100);
    doubt.tick(0);
    expect(doubt.tick(3100)).toBe(3000);
    expect(doubt.tick(3200)).toBe(0);
  });

  it('notices that the clock was set back', () => {
    const doubt = new SelfDoubt(100);
    doubt.tick(1_000_000);
    expect(doubt.tick(900_000)).toBe(-100_100);
  });
});
