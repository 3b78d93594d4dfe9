import { allowedMs } from '@gridworks/testing/load';
import { afterEach, describe, expect, it } from '@jest/globals';
import { FakeCount } from '../../test/fake-count.ts';
import type { Policy } from './allowance.ts';
import { Quota } from './quota.ts';
import { type LimitDecision, RateLimiter, type SharedCount } from './rate-limiter.ts';

const noon = Date.UTC(2026, 10, 1, 12, 0, 10);
const quota = new Quota('key', [
  { name: 'burst', quota: 20, windowSeconds: 60 },
  { name: 'daily', quota: 30, windowSeconds: 86_400 },
]);

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
    // Ten of twelve were taken under the old quota.
    expect(allowed).toHaveLength(2);
    expect(decisions.at(-1)).toMatchObject({ allowed: false, violated: ['daily'] });
    const same = new Quota('key', quota.policies);
    expect((await limiter.take(same, 'key_1')).allowed).toBe(true);
    expect(limiter.peek(same, 'key_1').remaining).toBeLessThanOrEqual(20 - 10 - allowed.length - 1);
  });

  it('goes on to lease when the quota is changed while a lease is under way', async () => {
    const count = new FakeCount();
    const { limiter } = limiterWith(count);
    const small = new Quota('partner', [{ name: 'burst', quota: 60, windowSeconds: 60 }]);
    const large = new Quota('partner', [{ name: 'burst', quota: 500, windowSeconds: 60 }]);
    const held = Promise.withResolvers<void>();
    const lease = count.lease.bind(count);
    count.lease = async (...args) => {
      await held.promise;
      return lease(...args);
    };
    const first = limiter.take(small, 'par_1');
    const second = limiter.take(large, 'par_1');
    held.resolve();
    expect(await first).toMatchObject({ allowed: true });
    expect(await second).toMatchObject({ allowed: true });
    let taken = 2;
    for (let i = 0; i < 600; i++) if ((await limiter.take(large, 'par_1')).allowed) taken += 1;
    expect(taken).toBe(500);
    expect(count.requested).toBeGreaterThan(20);
  });

  it('takes exactly the quota, then refuses until the calls are older than the window', async () => {
    const { limiter, clock } = limiterWith(new FakeCount());
    const decisions = await takeMany(limiter, 25);
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(20);
    // The call of this second counts for one second longer than the window.
    expect(decisions[0]?.state).toBe('"burst";r=19;t=61');
    expect(decisions[24]).toEqual({
      allowed: false,
      state: '"burst";r=0;t=61',
      retryAfterSeconds: 61,
      remaining: 0,
      violated: ['burst'],
    });
    clock.now += 60_000;
    expect((await limiter.take(quota, 'key_1')).allowed).toBe(false);
    clock.now += 1_000;
    expect((await limiter.take(quota, 'key_1')).allowed).toBe(true);
  });

  it('takes a call of a key from the quota of its partner and from that of the key, or from neither', async () => {
    const count = new FakeCount();
    const { limiter, clock } = limiterWith(count);
    const partner = new Quota('partner', [{ name: 'burst', quota: 20, windowSeconds: 60 }]);
    const own = new Quota('key', [{ name: 'nightly', quota: 5, windowSeconds: 600 }]);
    const call = async (key: string) => limiter.take(partner, 'par_1', own, key);
    for (let i = 0; i < 5; i++) expect((await call('key_a')).allowed).toBe(true);
    for (let i = 0; i < 50; i++)
      expect(await call('key_a')).toMatchObject({ allowed: false, violated: ['nightly'] });
    // What the key refused has cost its partner nothing.
    let taken = 0;
    for (const key of ['key_b', 'key_c', 'key_d', 'key_e'])
      for (let i = 0; i < 10; i++) if ((await call(key)).allowed) taken += 1;
    expect(taken).toBe(15);
    expect(await call('key_f')).toMatchObject({ allowed: false, violated: ['burst'] });
    clock.now += 61_000;
    // And what the partner refused has cost the key nothing.
    for (let i = 0; i < 5; i++) expect((await call('key_f')).allowed).toBe(true);
  });

  it('names the policy with the later reset when both are used up', async () => {
    const { limiter, clock } = limiterWith(new FakeCount());
    await takeMany(limiter, 20);
    clock.now += 61_000;
    const refused = (await takeMany(limiter, 11)).at(-1);
    expect(refused).toMatchObject({ allowed: false, violated: ['daily'] });
    // A day, and what is left of the bucket of 24 minutes that began at noon.
    expect(refused?.retryAfterSeconds).toBe(86_400 + 24 * 60 - 71);
  });

  it('counts each caller separately, over all gateways', async () => {
    const count = new FakeCount();
    const one = limiterWith(count).limiter;
    const two = limiterWith(count).limiter;
    const decisions = [...(await takeMany(one, 15)), ...(await takeMany(two, 15))];
    expect(decisions.filter(({ allowed }) => allowed).length).toBeLessThanOrEqual(20);
    expect(decisions.filter(({ allowed }) => allowed).length).toBeGreaterThanOrEqual(18);
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
