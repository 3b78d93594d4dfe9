import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeCount, mostWithin } from '../../test/fake-count.ts';
import { Allowance, type Policy } from './allowance.ts';

const policy: Policy = { name: 'burst', quota: 100, windowSeconds: 60 };
const noon = Date.UTC(2026, 10, 1, 12);
const MINUTE_MS = 60_000;

/** A gateway that requests leases from a shared count, which may be away or may forget. */
class Gateway {
  allowance: Allowance;
  #holder = '';
  constructor(
    readonly name: string,
    readonly of: Policy,
    readonly gateways: number,
  ) {
    this.allowance = new Allowance(of);
    this.restart();
  }
  restart(): void {
    this.allowance = new Allowance(this.of);
    this.#holder = `${this.name}.${Math.random()}`;
  }
  call(count: FakeCount, now: number): boolean {
    this.allowance.enter(now);
    const away = count.state === 'away';
    for (let i = 0; this.allowance.available === 0 && !this.allowance.isExhausted() && i < 3; i++)
      this.lease(count, now);
    if (this.allowance.available === 0) {
      if (!away && this.allowance.mayAskAgain(now)) this.lease(count, now);
      return false;
    }
    this.allowance.take();
    if (!away && this.allowance.isLow()) this.lease(count, now);
    return true;
  }
  lease(count: FakeCount, now: number): void {
    if (count.state === 'away') this.allowance.grantAlone(this.gateways);
    else {
      const request = this.allowance.nextLease(now);
      this.allowance.granted(request, count.leaseNow('key', this.#holder, request));
    }
  }
}

type Event = 'call' | 'away' | 'back' | 'forget' | 'restart';
const stepOf = (...others: Event[]) =>
  fc.record({
    gateway: fc.nat({ max: 2 }),
    event: fc.oneof(
      { weight: 12, arbitrary: fc.constant<Event>('call') },
      ...others.map((event) => ({ weight: 1, arbitrary: fc.constant(event) })),
    ),
    /** Milliseconds before the step: mostly none, sometimes most of a window. */
    after: fc.oneof(
      { weight: 12, arbitrary: fc.nat({ max: 300 }) },
      { weight: 1, arbitrary: fc.nat({ max: 70_000 }) },
    ),
    calls: fc.integer({ min: 1, max: 25 }),
  });

/** The times of the permitted calls. */
function play(
  gateways: readonly Gateway[],
  steps: readonly { gateway: number; event: Event; after: number; calls: number }[],
  count = new FakeCount(),
): number[] {
  const times: number[] = [];
  let now = noon;
  for (const { gateway: index, event, after, calls } of steps) {
    now += after;
    const gateway = gateways[index % gateways.length] as Gateway;
    if (event === 'forget') count.counts.clear();
    else if (event === 'restart') gateway.restart();
    else if (event !== 'call') count.state = event === 'away' ? 'away' : 'up';
    else for (let i = 0; i < calls; i++) if (gateway.call(count, now)) times.push(now);
  }
  return times;
}
const fleet = (quota: number, size = 3) =>
  Array.from({ length: size }, (_, i) => new Gateway(`gateway-${i}`, { ...policy, quota }, size));

describe('an allowance', () => {
  it('lets a lone gateway take exactly the quota, at once or over time', () => {
    for (const every of [0, 10, 500]) {
      const times: number[] = [];
      const [gateway] = fleet(100, 1);
      const count = new FakeCount();
      for (let i = 0; i < 300 && i * every < MINUTE_MS; i++)
        if (gateway!.call(count, noon + i * every)) times.push(noon + i * every);
      expect(times).toHaveLength(Math.min(100, every === 0 ? 300 : MINUTE_MS / every));
      expect(gateway?.allowance.remaining()).toBe(0);
    }
  });

  it('permits the quota again when the window has passed, and not before', () => {
    const [gateway] = fleet(100, 1);
    const count = new FakeCount();
    const take = (now: number) => {
      let taken = 0;
      while (gateway?.call(count, now)) taken += 1;
      return taken;
    };
    expect(take(noon + 59_000)).toBe(100);
    for (const later of [59_001, 60_000, 61_000, 90_000, 118_999]) expect(take(noon + later)).toBe(0);
    expect(take(noon + 120_000)).toBe(100);
  });

  it('never lets several gateways take more than the quota in any minute, also when some are restarted', () => {
    fc.assert(
      fc.property(
        fc.array(stepOf('restart'), { minLength: 50, maxLength: 300 }),
        fc.integer({ min: 1, max: 150 }),
        (steps, quota) => {
          expect(mostWithin(play(fleet(quota), steps), MINUTE_MS)).toBeLessThanOrEqual(quota);
        },
      ),
    );
  });

  it('never lets one gateway pass the quota in any minute, even when the count is away or forgets', () => {
    fc.assert(
      fc.property(fc.array(stepOf('away', 'back', 'forget'), { maxLength: 300 }), (steps) => {
        expect(mostWithin(play(fleet(100, 1), steps), MINUTE_MS)).toBeLessThanOrEqual(100);
      }),
    );
  });

  it('never lets several gateways pass the quota in any minute while the count is away', () => {
    fc.assert(
      fc.property(
        fc.array(stepOf(), { minLength: 50, maxLength: 300 }),
        fc.integer({ min: 3, max: 150 }),
        (steps, quota) => {
          const count = new FakeCount();
          count.state = 'away';
          expect(mostWithin(play(fleet(quota), steps, count), MINUTE_MS)).toBeLessThanOrEqual(quota);
        },
      ),
    );
  });

  it('never says that more is left than the quota, nor less than nothing', () => {
    fc.assert(
      fc.property(fc.array(stepOf('away', 'back', 'forget', 'restart'), { maxLength: 200 }), (steps) => {
        const gateways = fleet(100);
        play(gateways, steps);
        for (const { allowance } of gateways) {
          expect(allowance.remaining()).toBeGreaterThanOrEqual(0);
          expect(allowance.remaining()).toBeLessThanOrEqual(100);
        }
      }),
    );
  });

  it('tells the count again what the count has forgotten', () => {
    const [one, two] = fleet(100, 2);
    const count = new FakeCount();
    for (let i = 0; i < 50; i++) one?.call(count, noon);
    count.counts.clear();
    for (let i = 0; i < 20; i++) one?.call(count, noon);
    let taken = 0;
    while (two?.call(count, noon)) taken += 1;
    expect(taken).toBeLessThanOrEqual(30);
    expect(taken).toBeGreaterThanOrEqual(24);
  });

  it('permits what a lowered quota leaves, and more when it is raised, without a new start', () => {
    const gateway = fleet(100, 1)[0] as Gateway;
    const count = new FakeCount();
    for (let i = 0; i < 40; i++) gateway.call(count, noon);
    gateway.allowance.policy = { ...policy, quota: 30 };
    expect(gateway.call(count, noon)).toBe(false);
    gateway.allowance.policy = { ...policy, quota: 45 };
    const taken = Array.from({ length: 20 }, () => gateway.call(count, noon)).filter(Boolean);
    expect(taken).toHaveLength(5);
  });

  it('ignores a lease that arrives when its time is over', () => {
    const allowance = new Allowance(policy);
    allowance.enter(noon);
    const late = allowance.nextLease(noon);
    allowance.enter(noon + 60_000);
    allowance.granted(late, { granted: 5, others: [] });
    expect(allowance.available).toBe(0);
    expect(allowance.remaining()).toBe(100);
  });

  it('says after which time a call is permitted again, never too few seconds', () => {
    fc.assert(
      fc.property(fc.nat({ max: 60_000 }), fc.nat({ max: 60_000 }), (offset, wait) => {
        const gateway = fleet(1, 1)[0] as Gateway;
        const count = new FakeCount();
        const first = noon + offset;
        expect(gateway.call(count, first)).toBe(true);
        gateway.allowance.enter(first + wait);
        const reset = gateway.allowance.resetSeconds(first + wait);
        expect(reset).toBeLessThanOrEqual(61);
        expect(gateway.call(count, first + wait + reset * 1000)).toBe(true);
      }),
    );
  });

  it('begins anew when the clock is set back by more than a lease lasts', () => {
    const gateway = fleet(5, 1)[0] as Gateway;
    const count = new FakeCount();
    for (let i = 0; i < 5; i++) expect(gateway.call(count, noon)).toBe(true);
    expect(gateway.call(count, noon - 1000)).toBe(false);
    count.counts.clear();
    expect(gateway.call(count, noon - 3_600_000)).toBe(true);
  });
});
