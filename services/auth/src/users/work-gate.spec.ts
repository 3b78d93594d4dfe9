import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { WorkGate } from './work-gate.ts';

const busy = { code: 'PLATFORM.UNAVAILABLE', retryAfterMs: 1000 };

/** Work that ends when the test ends it. */
function manual() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { work: () => promise, resolve, reject };
}

describe('WorkGate', () => {
  it('runs a bounded number at a time, in the order of arrival', async () => {
    const gate = new WorkGate({ running: 2, waiting: 10, waitMs: 10_000 });
    const begun: number[] = [];
    const jobs = Array.from({ length: 5 }, manual);
    const all = jobs.map((job, i) =>
      gate.run(() => {
        begun.push(i);
        return job.work();
      }),
    );
    await turn();
    expect(begun).toEqual([0, 1]);
    jobs[1]!.resolve('second');
    await turn();
    expect(begun).toEqual([0, 1, 2]);
    jobs[2]!.reject(new Error('failed'));
    await expect(all[2]).rejects.toThrow('failed');
    await turn();
    expect(begun).toEqual([0, 1, 2, 3]);
    for (const job of jobs) job.resolve('done');
    expect((await Promise.allSettled(all)).map((one) => one.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(await gate.run(async () => 'free again')).toBe('free again');
  });

  it('refuses at once when too many wait', async () => {
    const gate = new WorkGate({ running: 1, waiting: 1, waitMs: 10_000 });
    const job = manual();
    const running = gate.run(job.work);
    const waiting = gate.run(async () => 'waited');
    await expect(gate.run(async () => 'never')).rejects.toMatchObject(busy);
    job.resolve('ran');
    expect(await Promise.all([running, waiting])).toEqual(['ran', 'waited']);
  });

  it('refuses work that waited too long, without beginning it', async () => {
    const gate = new WorkGate({ running: 1, waiting: 10, waitMs: 20 });
    const job = manual();
    const running = gate.run(job.work);
    let begun = false;
    await expect(
      gate.run(async () => {
        begun = true;
      }),
    ).rejects.toMatchObject(busy);
    job.resolve('ran');
    await running;
    await turn();
    expect(begun).toBe(false);
    expect(await gate.run(async () => 'free again')).toBe('free again');
  });
});
