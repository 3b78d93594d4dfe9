import { RedisClient } from '@gridworks/runtime';
import { Injectable } from '@nestjs/common';
import type { ServerCheck } from './server-check.ts';

@Injectable()
export class RedisCheck implements ServerCheck {
  readonly name = 'redis';

  constructor(private readonly redis: RedisClient) {}

  async ask(signal: AbortSignal): Promise<string | null> {
    await this.redis.check(signal);
    return this.redis.boot();
  }
}
