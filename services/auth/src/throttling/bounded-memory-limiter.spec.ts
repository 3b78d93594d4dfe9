import { describe, expect, it } from '@jest/globals';
import { BoundedMemoryLimiter } from './bounded-memory-limiter.ts';

describe('BoundedMemoryLimiter', () => {
  it('forgets the key that was counted longest ago', async () => {
    const limiter = new BoundedMemoryLimiter({ points: 2, duration: 60 }, 3);
    for (const key of ['a', 'b', 'c', 'a', 'd']) await limiter.consume(key);
    expect(await limiter.get('b')).toBeNull();
    expect(await limiter.get('a')).toMatchObject({ consumedPoints: 2 });
    expect(await limiter.get('d')).toMatchObject({ consumedPoints: 1 });
    await expect(limiter.consume('a')).rejects.toMatchObject({ consumedPoints: 3, remainingPoints: 0 });
  });

  it('gives back no more than was taken', async () => {
    const limiter = new BoundedMemoryLimiter({ points: 2, duration: 60 });
    await limiter.reward('a');
    await limiter.consume('a');
    await limiter.reward('a');
    await limiter.reward('a');
    expect(await limiter.consume('a')).toMatchObject({ consumedPoints: 1 });
  });
});
