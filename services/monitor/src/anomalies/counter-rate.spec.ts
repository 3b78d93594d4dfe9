import { describe, expect, it } from '@jest/globals';
import { CounterRate } from './counter-rate.ts';

describe('CounterRate', () => {
  it('is the increase for a second, whatever time lies between two readings', () => {
    const rate = new CounterRate();
    expect(rate.observe(100, 1000)).toBeNull();
    expect(rate.observe(150, 2000)).toBe(50);
    expect(rate.observe(150, 3000)).toBe(0);
    expect(rate.observe(250, 13_000)).toBe(10);
  });

  it('has no rate for a reset, and goes on from there', () => {
    const rate = new CounterRate();
    rate.observe(5000, 1000);
    expect(rate.observe(20, 2000)).toBeNull();
    expect(rate.observe(60, 3000)).toBe(40);
  });

  it('has no rate after a missing or unreadable reading, or when time stands still', () => {
    const rate = new CounterRate();
    rate.observe(100, 1000);
    expect(rate.observe(null, 2000)).toBeNull();
    expect(rate.observe(200, 3000)).toBeNull();
    expect(rate.observe(Number.NaN, 4000)).toBeNull();
    expect(rate.observe(300, 5000)).toBeNull();
    expect(rate.observe(400, 5000)).toBeNull();
    expect(rate.observe(500, 6000)).toBe(100);
  });
});
