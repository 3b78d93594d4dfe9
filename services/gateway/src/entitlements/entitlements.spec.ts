import type { Entitlements } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { PartnerEntitlements } from './entitlements.ts';

const of = (burst_per_minute: number, overrides: Entitlements['overrides'] = []): Entitlements => ({
  limits: { burst_per_minute, daily: 1000 },
  overrides,
});

/** Entitlements whose requests are answered by the test, one after another. */
function underTest(kept: Entitlements | null = null) {
  const clock = { now: Date.UTC(2026, 10, 1, 12) };
  const requests: PromiseWithResolvers<Entitlements>[] = [];
  const keeps: Entitlements[] = [];
  const told: (string | null)[] = [];
  const entitlements = new PartnerEntitlements({
    request: (_partner, usedUp) => {
      told.push(usedUp);
      const request = Promise.withResolvers<Entitlements>();
      requests.push(request);
      return request.promise;
    },
    keep: (_partner, value) => keeps.push(value),
    recall: async () => kept,
    atMost: { burst: 5000, daily: 100_000 },
    now: () => clock.now,
  });
  return { entitlements, requests, keeps, clock, told };
}

describe('the entitlements of partners', () => {
  it('are those of the plan free for a partner of whom nothing is known, and asked for once', async () => {
    const { entitlements, requests, keeps } = underTest();
    const learning = [entitlements.learn('par_1'), entitlements.learn('par_1')];
    expect(entitlements.limitsOf('par_1')).toEqual({ burst: 60, daily: 1000 });
    expect(requests).toHaveLength(1);
    requests[0]?.resolve(of(700));
    await Promise.all(learning);
    expect(entitlements.limitsOf('par_1')).toEqual({ burst: 700, daily: 1000 });
    expect(entitlements.limitsOf('par_1')).toBe(entitlements.limitsOf('par_1'));
    expect(keeps).toEqual([of(700)]);
  });

  it('are asked for again when they are old, and stay while billing does not respond', async () => {
    const { entitlements, requests, clock } = underTest();
    const first = entitlements.learn('par_1');
    requests[0]?.resolve(of(700));
    await first;
    await entitlements.learn('par_1');
    expect(requests).toHaveLength(1);
    clock.now += 25_000;
    await entitlements.learn('par_1');
    expect(requests).toHaveLength(2);
    requests[1]?.reject(new Error('away'));
    await Promise.resolve();
    expect(entitlements.limitsOf('par_1').burst).toBe(700);
  });

  it('are the kept copy while billing does not respond, and what billing says as soon as it does', async () => {
    const { entitlements, requests } = underTest(of(300));
    await entitlements.learn('par_1');
    expect(entitlements.limitsOf('par_1').burst).toBe(300);
    requests[0]?.resolve(of(700));
    await new Promise(setImmediate);
    expect(entitlements.limitsOf('par_1').burst).toBe(700);
  });

  it('do not believe a response that is older than a change', async () => {
    const { entitlements, requests } = underTest();
    const first = entitlements.learn('par_1');
    requests[0]?.resolve(of(100));
    await first;
    entitlements.changed('par_1');
    entitlements.changed('par_1');
    expect(requests).toHaveLength(3);
    requests[2]?.resolve(of(300));
    await new Promise(setImmediate);
    requests[1]?.resolve(of(200));
    await new Promise(setImmediate);
    expect(entitlements.limitsOf('par_1').burst).toBe(300);
  });

  it('tell billing that an allowance is used up, also when it was given a moment before', async () => {
    const { entitlements, requests, clock, told } = underTest();
    const first = entitlements.learn('par_1');
    requests[0]?.resolve(of(700));
    await first;
    // Billing may not be asked again yet: nothing is told, and a later refused call tells it.
    entitlements.usedUp('par_1', '1');
    expect(told).toEqual([null]);
    clock.now += 600;
    entitlements.usedUp('par_1', '1');
    expect(told).toEqual([null, '1']);
    entitlements.usedUp('par_1', '1');
    expect(told).toHaveLength(2);
  });

  it('leave out a change of a partner that nobody called for', () => {
    const { entitlements, requests } = underTest();
    entitlements.changed('par_9');
    expect(requests).toHaveLength(0);
    expect(entitlements.size).toBe(0);
  });

  it('end an override at its moment, one after another, and stay below the bounds of the platform', async () => {
    const { entitlements, requests, clock } = underTest();
    const at = (seconds: number) => new Date(clock.now + seconds * 1000).toISOString();
    const first = entitlements.learn('par_1');
    requests[0]?.resolve(
      of(60, [
        { name: 'burst', quota: 900_000, expires_at: at(10) },
        { name: 'daily', quota: 50, expires_at: at(20) },
      ]),
    );
    await first;
    expect(entitlements.limitsOf('par_1')).toEqual({ burst: 5000, daily: 50 });
    clock.now += 9_999;
    expect(entitlements.limitsOf('par_1').burst).toBe(5000);
    clock.now += 1;
    expect(entitlements.limitsOf('par_1')).toEqual({ burst: 60, daily: 50 });
    clock.now += 10_000;
    expect(entitlements.limitsOf('par_1')).toEqual({ burst: 60, daily: 1000 });
  });
});
