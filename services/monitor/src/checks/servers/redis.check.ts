import { CONFIG, RedisClient } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { isSilent } from './redis-silence.ts';
import { type ServerCheck, SilentServerError } from './server-check.ts';

const SILENT_AFTER_MS = 500;

/**
 * Checks Redis over the client of this process, and over a connection of its own when the client has given
 * up.
 */
@Injectable()
export class RedisCheck implements ServerCheck {
  readonly name = 'redis';

  constructor(
    private readonly redis: RedisClient,
    @Inject(CONFIG) private readonly config: { readonly REDIS_URL: string },
  ) {}

  async probe(signal: AbortSignal): Promise<string | null> {
    try {
      await this.redis.check(signal);
    } catch (error) {
      if (await isSilent(this.config.REDIS_URL, SILENT_AFTER_MS)) {
        throw new SilentServerError('it accepts connections and does not respond', { cause: error });
      }
      throw error;
    }
    return this.redis.boot();
  }
}
