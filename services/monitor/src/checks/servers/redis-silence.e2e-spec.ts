import { startRedis } from '@gridworks/testing';
import { expect, it } from '@jest/globals';
import { isSilent } from './redis-silence.ts';

it('distinguishes a server that hangs from one that responds and one that is gone', async () => {
  const redis = await startRedis();
  try {
    expect(await isSilent(redis.url, 1000)).toBe(false);
    redis.freeze();
    expect(await isSilent(redis.url, 200)).toBe(true);
    redis.thaw();
    await redis.kill9();
    expect(await isSilent(redis.url, 1000)).toBe(false);
  } finally {
    await redis.stop();
  }
});
