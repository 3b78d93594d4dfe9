import { allowedMs } from '@gridworks/testing/load';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Policy } from './allowance.ts';
import { type LimitDecision, Quota, RateLimiter, type SharedCount } from './rate-limiter.ts';

const noon = Date.UTC(2026, 10, 1, 12, 0, 10);
const quota = new Quota('key', [
  { name: 'burst', quota: 20, windowSeconds: 60 },
  { name: 'daily', quota: 30, windowSeconds: 86_400 },
]);

/** A shared count in memory that can be away (resolves null), broken (rejects) or frozen (resolves late). */
class FakeCount implements SharedCount {
  readonly counts = new Map<string, number>();
  requested = 0;
  state: 'up' | 'away' | 'broken' | 'frozen' = 'up';
  async add(key: string, increment: number): Promise<number | null> {
    this.requested += 1;
    if (this.state === 'away') return null;
    await this.check();
    const count = (this.counts.get(key) ?? 0) + increment;
    this.counts.set(key, count);
    return count;
  }
  check(): Promise<void> {
    if (this.state === 'frozen')
      return new Promise((_, reject) => setTimeout(() => reject(new Error('timeout')), 250));
    return this.state === 'up' ? Promise.resolve() : Promise.reject(new Error('away'));
  }
}

describe('the rate limiter', () => {
  const open: RateLimiter[] = [];
  afterEach(() => {
    for (const limiter of open.splice(0)) limiter.close();
  });
  function limiterWith(count: SharedCount, clock = { now: noon }, capacity = 1000) {
    const degraded: (string | null)[] = [];
    const limiter = new RateLimiter({
      count,
      now: () => clock.now,
      onDegraded: (text) => degraded.push(text),
      retryMs: 20,
      capacity,
    });
    open.push(limiter);
    return { limiter, degraded, clock };
  }
  async function takeMany(limiter: RateLimiter, times: number, id = 'key_1'): Promise<LimitDecision[]> {
    const decisions: LimitDecision[] = [];
    for (let i = 0; i < times; i++) decisions.push(await limiter.take(quota, id));
    return decisions;
  }

  it('goes on with the count when a quota is changed, and with the allowances of policies that stay', async () => {
    const { limiter } = limiterWith(new FakeCount());
    await takeMany(limiter, 10);
    const [burst, daily] = quota.policies as [Policy, Policy];
    const lower = new Quota('key', [
      burst,
      { ...daily, quota: 12 },
      { name: 'own', quota: 100, windowSeconds: 60 },
    ]);
    const decisions: LimitDecision[] = [];
    for (let i = 0; i < 5; i++) decisions.push(await limiter.take(lower, 'key_1'));
    const allowed = decisions.filter((decision) => decision.allowed);
    // What was leased under the old quota is taken.
    expect(allowed.length).toBeGreaterThanOrEqual(1);
    expect(allowed.length).toBeLessThanOrEqual(2);
    expect(decisions.at(-1)).toMatchObject({ allowed: false, violated: ['daily'] });
    const same = new Quota('key', quota.policies);
    expect((await limiter.take(same, 'key_1')).allowed).toBe(true);
    expect(limiter.peek(same, 'key_1').remaining).toBeLessThanOrEqual(20 - 10 - allowed.length - 1);
  });

  it('takes exactly the quota, then refuses until the window ends', async () => {
    const { limiter, clock } = limiterWith(new FakeCount());
    const decisions = await takeMany(limiter, 25);
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(20);
    expect(decisions[0]?.state).toBe('"burst";r=19;t=50');
    expect(decisions[24]).toEqual({
      allowed: false,
      state: '"burst";r=0;t=50',
      retryAfterSeconds: 50,
      remaining: 0,
      violated: ['burst'],
    });
    clock.now += 50_000;
    expect((await limiter.take(quota, 'key_1')).allowed).toBe(true);
  });

  it('names the policy with the later reset when both are used up', async () => {
    const { limiter, clock } = limiterWith(new FakeCount());
    await takeMany(limiter, 20);
    clock.now += 50_000;
    const refused = (await takeMany(limiter, 11)).at(-1);
    expect(refused).toMatchObject({ allowed: false, violated: ['daily'] });
    expect(refused?.retryAfterSeconds).toBe(86_400 - 12 * 3600 - 60);
  });

  it('counts each caller separately, over all gateways', async () => {
    const count = new FakeCount();
    const one = limiterWith(count).limiter;
    const two = limiterWith(count).limiter;
    const decisions = [...(await takeMany(one, 15)), ...(await takeMany(two, 15))];
    expect(decisions.filter(({ allowed }) => allowed).length).toBeLessThanOrEqual(20);
    expect(decisions.filter(({ allowed }) => allowed).length).toBeGreaterThanOrEqual(19);
    expect((await one.take(quota, 'key_2')).allowed).toBe(true);
  });

  it('requests few leases when the quota is large', async () => {
    const count = new FakeCount();
    const { limiter } = limiterWith(count);
    const large = new Quota('key', [{ name: 'burst', quota: 100_000, windowSeconds: 60 }]);
    for (let i = 0; i < 5000; i++) await limiter.take(large, 'key_1');
    expect(count.requested).toBeLessThan(20);
  });

  it('decides without a promise while it holds a lease', async () => {
    const { limiter } = limiterWith(new FakeCount());
    const large = new Quota('key', [{ name: 'burst', quota: 1000, windowSeconds: 60 }]);
    await limiter.take(large, 'key_1');
    expect(limiter.take(large, 'key_1')).not.toBeInstanceOf(Promise);
  });

  it.each(['away', 'broken', 'frozen'] as const)(
    'counts alone while the count is %s, and reports when that begins and ends',
    async (state) => {
      const count = new FakeCount();
      count.state = state;
      const { limiter, degraded, clock } = limiterWith(count);
      const ticking = setInterval(() => {
        clock.now += 10;
      }, 10);
      const begun = performance.now();
      const decisions = await takeMany(limiter, 25).finally(() => clearInterval(ticking));
      expect(performance.now() - begun).toBeLessThan(allowedMs(300));
      expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(20);
      while (!degraded.length) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(degraded[0]).toContain('alone');
      count.state = 'up';
      while (degraded.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(degraded).toEqual([degraded[0], null]);
    },
  );

  it('keeps limiting a caller when the count forgets', async () => {
    const count = new FakeCount();
    const { limiter } = limiterWith(count);
    await takeMany(limiter, 20);
    count.counts.clear();
    expect((await limiter.take(quota, 'key_1')).allowed).toBe(false);
  });

  it('forgets callers above its capacity, and never a limited caller that still calls', async () => {
    const count = new FakeCount();
    const { limiter } = limiterWith(count, { now: noon }, 3);
    await takeMany(limiter, 20);
    await takeMany(limiter, 20, 'key_silent');
    // From here on only the limiter's own memory counts.
    for (let i = 0; i < 20; i++) {
      count.counts.clear();
      await takeMany(limiter, 1, `key_new_${i}`);
      expect((await limiter.take(quota, 'key_1')).allowed).toBe(false);
    }
    count.counts.clear();
    expect((await limiter.take(quota, 'key_silent')).allowed).toBe(true);
  });

  it('peeks without taking a call', async () => {
    const { limiter } = limiterWith(new FakeCount());
    await takeMany(limiter, 20);
    expect(limiter.peek(quota, 'key_1').allowed).toBe(false);
    expect(limiter.peek(quota, 'key_2').allowed).toBe(true);
    expect(limiter.peek(quota, 'key_2').state).toContain('r=20');
  });
});
