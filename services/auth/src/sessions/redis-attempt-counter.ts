import { RedisClient } from '@gridworks/runtime';
import { Injectable } from '@nestjs/common';
import type { AttemptCounter } from './attempt-counter.ts';

// One script, so that no counter is ever left without an end.
const addScript = `
  local count = redis.call('INCR', KEYS[1])
  if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
  return { count, redis.call('PTTL', KEYS[1]) }`;

// Only what is counted can be taken back: a window that has ended must not be opened again.
const takeBackScript = `
  if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end
  return 0`;

/** Counts for all instances together. Throws at once while Redis is away. */
@Injectable()
export class RedisAttemptCounter implements AttemptCounter {
  constructor(private readonly redis: RedisClient) {}

  async add(key: string, windowMs: number): Promise<{ count: number; endsInMs: number }> {
    const answer = await this.redis.command((client) =>
      client.eval(addScript, { keys: [key], arguments: [String(windowMs)] }),
    );
    const [count, endsInMs] = answer as [number, number];
    return { count, endsInMs };
  }

  async takeBack(key: string): Promise<void> {
    await this.redis.command((client) => client.eval(takeBackScript, { keys: [key], arguments: [] }));
  }

  async forget(key: string): Promise<void> {
    await this.redis.command((client) => client.del(key));
  }
}
