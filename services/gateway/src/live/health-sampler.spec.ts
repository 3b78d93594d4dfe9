import type { Principal } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HealthSampler } from './health-sampler.ts';

const admin = { kind: 'session', id: 'ses_1', role: 'platform_admin' } as Principal;

describe('HealthSampler', () => {
  let sampler: HealthSampler | undefined;
  afterEach(() => sampler?.stop());

  it('reads while a stream is open, and reports a changed status, not a changed number', async () => {
    const seen: unknown[] = [];
    const reads: Principal[] = [];
    const now = { watcher: null as Principal | null, status: 'pass', fails: false };
    sampler = new HealthSampler({
      everyMs: 2,
      watcher: () => now.watcher,
      read: async (principal) => {
        reads.push(principal);
        if (now.fails) throw new Error('away');
        return {
          status: 'pass',
          checks: { billing: [{ status: now.status, observed: reads.length }] },
        } as never;
      },
      onChange: (health) => void seen.push(health),
    });
    sampler.start();
    now.watcher = admin;
    await eventually(() => expect(reads.length).toBeGreaterThan(5));
    expect(reads[0]).toBe(admin);
    expect(seen).toHaveLength(1);
    now.status = 'fail';
    await eventually(() => expect(seen).toHaveLength(2));
    now.fails = true;
    const before = reads.length;
    await eventually(() => expect(reads.length).toBeGreaterThan(before + 3));
    expect(seen).toHaveLength(2);
    now.watcher = null;
    now.fails = false;
    // A stream that opens later gets the health, though nothing has changed.
    await eventually(async () => {
      const count = reads.length;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(reads.length).toBe(count);
    });
    now.watcher = admin;
    await eventually(() => expect(seen).toHaveLength(3));
  });
});
