import { describe, expect, it } from '@jest/globals';
import { keptBriefly } from './kept-briefly.ts';

describe('keptBriefly', () => {
  it('reads once for many, and again when the time is up', async () => {
    let reads = 0;
    const get = keptBriefly(60_000, async () => ++reads);
    expect(await Promise.all([get(), get(), get()])).toEqual([1, 1, 1]);
    expect(await get()).toBe(1);
    const brief = keptBriefly(0, async () => ++reads);
    expect([await brief(), await brief()]).toEqual([2, 3]);
  });

  it('keeps no error', async () => {
    let fails = true;
    const get = keptBriefly(60_000, async () => {
      if (fails) throw new Error('away');
      return 'here';
    });
    await expect(get()).rejects.toThrow('away');
    fails = false;
    expect(await get()).toBe('here');
  });
});
