import { describe, expect, it } from '@jest/globals';
import { StaleCache } from './stale-cache.ts';

describe('StaleCache', () => {
  it('drops values that are too old', () => {
    let now = 0;
    const cache = new StaleCache<number>({ staleMs: 100 }, () => now);
    cache.put('a', 1);
    now = 100;
    expect(cache.get('a')).toEqual({ value: 1, ageMs: 100 });
    now = 101;
    expect(cache.get('a')).toBeNull();
    expect(cache.size).toBe(0);
  });

  it('holds at most its maximum, and drops the least recently used', () => {
    const cache = new StaleCache<number>({ maxEntries: 2 });
    cache.put('a', 1);
    cache.put('b', 2);
    cache.get('a');
    cache.put('c', 3);
    expect([cache.get('a')?.value, cache.get('b'), cache.get('c')?.value]).toEqual([1, null, 3]);
  });
});
