import { describe, expect, it } from '@jest/globals';
import { StaleCache } from './stale-cache.ts';

describe('StaleCache', () => {
  it('forgets what is too old', () => {
    let now = 0;
    const cache = new StaleCache<number>({ staleMs: 100 }, () => now);
    cache.put('a', 1);
    now = 100;
    expect(cache.get('a')).toEqual({ value: 1, ageMs: 100 });
    now = 101;
    expect(cache.get('a')).toBeNull();
    expect(cache.size).toBe(0);
  });

  it('holds no more than it may, and lets the longest unused go', () => {
    const cache = new StaleCache<number>({ maxEntries: 2 });
    cache.put('a', 1);
    cache.put('b', 2);
    cache.get('a');
    cache.put('c', 3);
    expect([cache.get('a')?.value, cache.get('b'), cache.get('c')?.value]).toEqual([1, null, 3]);
  });
});
