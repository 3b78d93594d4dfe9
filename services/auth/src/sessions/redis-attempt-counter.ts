import { RedisClient } from '@gridworks/runtime';
import { Injectable } from '@nestjs/common';
import type { SharedAttemptCounter } from './attempt-counter.ts';

// One script, so that no counter is ever left without an end.
const addScript = `
  local count = redis.call('INCR', KEYS[1])
  if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
  return { count, redis.call('PTTL', KEYS[1]) }`;

// Only what is counted can be taken back: a window that has ended must not be opened again.
const takeBackScript = `
  if (tonumber(redis.call('GET', KEYS[1]) or '0') or 0) > 0 then redis.call('DECR', KEYS[1]) end
  return 0`;

/** Counts for all instances together. Answers at once while Redis is away, that it does not know. */
@Injectable()
export class RedisAttemptCounter implements SharedAttemptCounter {
  readonly add: SharedAttemptCounter['add'];
  // Log-ins that were right need no count: without Redis this is left out, and the window ends by itself.
  readonly takeBack: SharedAttemptCounter['takeBack'];
  readonly forget: SharedAttemptCounter['forget'];

  constructor(redis: RedisClient) {
    this.add = redis.operation(
      'count-attempt',
      async (client, key: string, windowMs: number): Promise<{ count: number; endsInMs: number } | null> => {
        const answer = await client.eval(addScript, { keys: [key], arguments: [String(windowMs)] });
        const [count, endsInMs] = answer as [number, number];
        return { count, endsInMs };
      },
      { defaultValue: null, counterKey: (key) => key },
    );
    this.takeBack = redis.operation(
      'take-attempt-back',
      async (client, key: string): Promise<void> => {
        await client.eval(takeBackScript, { keys: [key], arguments: [] });
      },
      { criticality: 'optional' },
    );
    this.forget = redis.operation(
      'forget-attempts',
      async (client, key: string): Promise<void> => {
        await client.del(key);
      },
      { criticality: 'optional' },
    );
  }
}
