import type { RedisClient } from '@gridworks/runtime';
import type { LeaseRequest, LeaseResponse } from './allowance.ts';
import type { SharedCount } from './rate-limiter.ts';
import type { BucketCount } from './window.ts';

/**
 * A count is a hash: each holder of leases has a field, the list `[bucket, calls, bucket, calls, …]` of what it made and leased. The script
 * leases what the quota leaves, and writes the field of the caller anew. So a repeated call changes nothing, and what Redis has lost is
 * told again by the holders. Fields without a bucket that counts are deleted.
 */
const LEASE_SCRIPT = `
  local holder, first, leased_until = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
  local quota, left, chunk = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
  local own = cjson.decode(ARGV[8])
  local used, others = 0, {}
  for i = 1, #own, 2 do used = used + own[i + 1] end
  local fields = redis.call('HGETALL', KEYS[1])
  for f = 1, #fields, 2 do
    if fields[f] ~= holder then
      local counts, live = cjson.decode(fields[f + 1]), false
      for i = 1, #counts, 2 do
        if counts[i] >= first then
          live = true
          used = used + counts[i + 1]
          others[#others + 1] = counts[i]
          others[#others + 1] = counts[i + 1]
        end
      end
      if not live then redis.call('HDEL', KEYS[1], fields[f]) end
    end
  end
  local granted = math.max(0, math.min(chunk, quota - used - left))
  if left + granted > 0 then
    own[#own + 1] = leased_until
    own[#own + 1] = left + granted
  end
  redis.call('HSET', KEYS[1], holder, cjson.encode(own))
  redis.call('PEXPIRE', KEYS[1], ARGV[7])
  return { granted, others }`;

/** Gateways that said within this time that they are there share the quotas while Redis is away. */
const PRESENT_MS = 15_000;
const PRESENT_KEY = 'limit:gateways';

type Reply = [granted: number, others: number[]];

/** The shared count, in Redis. When Redis loses a count the gateways add their part again. */
export class RedisCount implements SharedCount {
  readonly #redis: RedisClient;
  /** Resolves null while Redis is away: the gateway then counts alone. */
  readonly #run: (key: string, args: string[]) => Promise<Reply | null>;
  readonly #present: (gateway: string) => Promise<number | null>;

  constructor(redis: RedisClient) {
    this.#redis = redis;
    this.#run = redis.operation(
      'count',
      async (client, key: string, args: string[]): Promise<Reply | null> =>
        (await client.eval(LEASE_SCRIPT, { keys: [key], arguments: args })) as Reply,
      { defaultValue: null, counterKey: (key) => key },
    );
    this.#present = redis.operation(
      'count-gateways',
      async (client, gateway: string): Promise<number | null> => {
        const now = Date.now();
        const [, , gateways] = await Promise.all([
          client.zAdd(PRESENT_KEY, { score: now, value: gateway }),
          client.zRemRangeByScore(PRESENT_KEY, '-inf', now - PRESENT_MS),
          client.zCard(PRESENT_KEY),
          client.pExpire(PRESENT_KEY, PRESENT_MS),
        ]);
        return gateways;
      },
      { defaultValue: null, counterKey: (_gateway: string) => PRESENT_KEY },
    );
  }

  async lease(key: string, holder: string, request: LeaseRequest): Promise<LeaseResponse | null> {
    const { first, leasedUntil, quota, left, chunk, keptMs, used } = request;
    const numbers = [first, leasedUntil, quota, left, chunk, Math.ceil(keptMs)];
    const reply = await this.#run(key, [holder, ...numbers.map(String), JSON.stringify(used.flat())]);
    if (reply === null) return null;
    const [granted, flat] = reply;
    const others: BucketCount[] = [];
    for (let i = 0; i < flat.length; i += 2) others.push([flat[i] as number, flat[i + 1] as number]);
    return { granted, others };
  }

  present(gateway: string): Promise<number | null> {
    return this.#present(gateway);
  }

  async check(): Promise<void> {
    // Writes, since a read-only replica responds to a ping and cannot count.
    await this.#redis.attempt((client) =>
      client.set('limit:check', '1', { expiration: { type: 'EX', value: 60 } }),
    );
  }
}
