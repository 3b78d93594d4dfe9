import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { grownSize, PoolGrowth } from './grow-pool.ts';

describe('the size of a pool that is short of connections', () => {
  it.each([
    ['a quarter more', 20, 20, 100, 25],
    ['at least one more', 2, 2, 100, 3],
    ['at most half as much again as configured', 28, 20, 100, 30],
    ['only what PostgreSQL can spare', 20, 20, 22, 22],
    ['nothing when PostgreSQL is nearly full', 20, 20, 20, 20],
    ['never less than now', 20, 20, 0, 20],
  ])('is %s', (_what, size, configured, free, grown) => {
    expect(grownSize(size, configured, free)).toBe(grown);
  });
});

describe('the growth of a pool', () => {
  let size: number;
  let free: () => Promise<number>;
  let grown: string[];
  let growth: PoolGrowth;
  beforeEach(() => {
    jest.useFakeTimers();
    size = 20;
    free = async () => 100;
    grown = [];
    growth = new PoolGrowth({
      configured: () => 20,
      size: () => size,
      resize: (to) => {
        size = to;
      },
      free: () => free(),
      onGrown: (from, to) => grown.push(`${from} ${to}`),
    });
  });
  afterEach(() => {
    growth.close();
    jest.useRealTimers();
  });

  it('goes on while it is short, whatever the level, and ends at half as much again', async () => {
    growth.onLevel('warning');
    await jest.advanceTimersByTimeAsync(900);
    growth.onLevel('emergency');
    await jest.advanceTimersByTimeAsync(100);
    expect(grown).toEqual(['20 25']);
    await jest.advanceTimersByTimeAsync(5000);
    expect(grown).toEqual(['20 25', '25 30']);
  });

  it('leaves a short burst alone', async () => {
    growth.onLevel('warning');
    await jest.advanceTimersByTimeAsync(900);
    growth.onLevel('normal');
    await jest.advanceTimersByTimeAsync(5000);
    expect(grown).toEqual([]);
  });

  it('gives the connections back after a minute without shortage', async () => {
    growth.onLevel('warning');
    await jest.advanceTimersByTimeAsync(1000);
    growth.onLevel('normal');
    await jest.advanceTimersByTimeAsync(59_000);
    expect(size).toBe(25);
    await jest.advanceTimersByTimeAsync(1000);
    expect(size).toBe(20);
  });

  it('adds nothing when PostgreSQL does not say how much room it has, and asks again', async () => {
    free = () => Promise.reject(new Error('away'));
    growth.onLevel('warning');
    await jest.advanceTimersByTimeAsync(3000);
    expect(size).toBe(20);
    free = async () => 100;
    await jest.advanceTimersByTimeAsync(1000);
    expect(size).toBe(25);
  });
});
