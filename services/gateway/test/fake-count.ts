import type { LeaseRequest, LeaseResponse } from '../src/limits/allowance.ts';
import type { SharedCount } from '../src/limits/rate-limiter.ts';
import type { BucketCount } from '../src/limits/window.ts';

/** The shared count without Redis: what `LEASE_SCRIPT` does, in memory. It can be away, broken or frozen, or forget. */
export class FakeCount implements SharedCount {
  readonly counts = new Map<string, Map<string, readonly BucketCount[]>>();
  requested = 0;
  gateways = 1;
  state: 'up' | 'away' | 'broken' | 'frozen' = 'up';

  async lease(key: string, holder: string, request: LeaseRequest): Promise<LeaseResponse | null> {
    this.requested += 1;
    if (this.state === 'away') return null;
    await this.check();
    return this.leaseNow(key, holder, request);
  }

  leaseNow(key: string, holder: string, request: LeaseRequest): LeaseResponse {
    const { first, leasedUntil, quota, left, chunk, used } = request;
    const holders = this.counts.get(key) ?? new Map<string, readonly BucketCount[]>();
    this.counts.set(key, holders);
    const others = [...holders]
      .filter(([name]) => name !== holder)
      .flatMap(([, counts]) => counts.filter(([bucket]) => bucket >= first));
    const sum = [...used, ...others].reduce((total, [, calls]) => total + calls, 0);
    const granted = Math.max(0, Math.min(chunk, quota - sum - left));
    holders.set(holder, left + granted > 0 ? [...used, [leasedUntil, left + granted]] : used);
    return { granted, others };
  }

  async present(): Promise<number | null> {
    return this.state === 'up' ? this.gateways : null;
  }

  check(): Promise<void> {
    if (this.state === 'frozen')
      return new Promise((_, reject) => setTimeout(() => reject(new Error('timeout')), 250));
    return this.state === 'up' ? Promise.resolve() : Promise.reject(new Error('away'));
  }
}

/** The most calls in any span of time of this length, from the times of the calls in ascending order. */
export function mostWithin(times: readonly number[], spanMs: number): number {
  let most = 0;
  let first = 0;
  times.forEach((time, index) => {
    while (time - (times[first] as number) >= spanMs) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}
