import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Allowance, type Policy } from './allowance.ts';

const policy: Policy = { name: 'burst', quota: 100, windowSeconds: 60 };
const noon = Date.UTC(2026, 10, 1, 12);

/** A gateway that requests leases from a shared count, which may be away or may forget. */
class Gateway {
  taken = 0;
  readonly allowance: Allowance;
  constructor(of: Policy = policy) {
    this.allowance = new Allowance(of);
    this.allowance.enter(noon);
  }
  call(count: { value: number; away: boolean }): boolean {
    this.allowance.enter(noon);
    for (let i = 0; this.allowance.available === 0 && !this.allowance.isExhausted() && i < 3; i++)
      this.lease(count);
    if (this.allowance.available === 0) return false;
    this.allowance.take();
    this.taken += 1;
    return true;
  }
  lease(count: { value: number; away: boolean }): void {
    if (count.away) {
      this.allowance.grantAlone();
      return;
    }
    const request = this.allowance.nextLease();
    count.value += request.chunk + request.owed;
    this.allowance.granted(request, count.value);
  }
}
const step = fc.record({
  gateway: fc.nat({ max: 2 }),
  event: fc.constantFrom('call', 'call', 'call', 'call', 'away', 'back', 'forget'),
});

describe('an allowance', () => {
  it('lets a lone gateway take exactly the quota', () => {
    const gateway = new Gateway();
    const count = { value: 0, away: false };
    for (let i = 0; i < 300; i++) gateway.call(count);
    expect(gateway.taken).toBe(100);
    expect(gateway.allowance.remaining()).toBe(0);
  });

  it('never lets several gateways take more than the quota together while the count is there', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 2 }), { minLength: 200, maxLength: 400 }),
        fc.integer({ min: 1, max: 150 }),
        (order, quota) => {
          const gateways = [0, 1, 2].map(() => new Gateway({ ...policy, quota }));
          const count = { value: 0, away: false };
          for (const i of order) gateways[i]?.call(count);
          expect(gateways.reduce((sum, gateway) => sum + gateway.taken, 0)).toBeLessThanOrEqual(quota);
        },
      ),
    );
  });

  it('never lets one gateway pass the quota, even when the count is away or forgets', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 500 }), (steps) => {
        const gateways = [0, 1, 2].map(() => new Gateway());
        const count = { value: 0, away: false };
        for (const { gateway, event } of steps) {
          if (event === 'call') gateways[gateway]?.call(count);
          else if (event === 'forget') count.value = 0;
          else count.away = event === 'away';
        }
        for (const gateway of gateways) {
          expect(gateway.taken).toBeLessThanOrEqual(policy.quota);
          expect(gateway.allowance.remaining()).toBeGreaterThanOrEqual(0);
          expect(gateway.allowance.remaining()).toBeLessThanOrEqual(policy.quota - gateway.taken);
        }
      }),
    );
  });

  it('adds to the count again what the count has forgotten', () => {
    const gateway = new Gateway();
    const count = { value: 0, away: false };
    for (let i = 0; i < 50; i++) gateway.call(count);
    count.value = 0;
    for (let i = 0; i < 20; i++) gateway.call(count);
    expect(count.value).toBeGreaterThanOrEqual(70);
  });

  it('adds to the count what was taken while it was away, once', () => {
    const gateway = new Gateway();
    const count = { value: 0, away: true };
    for (let i = 0; i < 40; i++) gateway.call(count);
    count.away = false;
    for (let i = 0; i < 10; i++) gateway.call(count);
    expect(count.value).toBeGreaterThanOrEqual(50);
    expect(count.value).toBeLessThanOrEqual(60);
  });

  it('starts from zero in the next window, and ignores a response for the window before', () => {
    const allowance = new Allowance(policy);
    allowance.enter(noon);
    const late = allowance.nextLease();
    allowance.enter(noon + 60_000);
    allowance.granted(late, 5);
    expect(allowance.available).toBe(0);
    expect(allowance.remaining()).toBe(100);
  });

  it('counts the seconds to the end of the window, never too few', () => {
    fc.assert(
      fc.property(fc.nat({ max: 60_000 }), (ms) => {
        const allowance = new Allowance(policy);
        allowance.enter(noon + ms);
        const reset = allowance.resetSeconds(noon + ms);
        const after = new Allowance(policy);
        after.enter(noon + ms + reset * 1000);
        const lease = allowance.nextLease();
        expect(reset).toBeGreaterThanOrEqual(1);
        expect(reset).toBeLessThanOrEqual(60);
        expect(after.nextLease().window).toBe(lease.window + 1);
      }),
    );
  });
});
