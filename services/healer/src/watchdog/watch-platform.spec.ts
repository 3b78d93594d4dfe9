import { eventually } from '@gridworks/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PlatformWatch } from './watch-platform.ts';

const RAISED_AFTER_MS = 5000;

describe('PlatformWatch', () => {
  let watch: PlatformWatch | undefined;
  afterEach(() => watch?.stop());

  /** A watch over a platform that fails with `error` while it is set, by a clock that the test sets. */
  const start = () => {
    const world = { now: 0, error: null as string | null, busIsAway: false, polls: 0 };
    const set: { is: boolean; evidence: unknown }[] = [];
    watch = new PlatformWatch({
      platform: {
        ping: async () => {
          world.polls++;
          if (world.error) throw new Error(world.error);
        },
      },
      symptoms: {
        set: async (is, _signal, _target, evidence) => {
          if (world.busIsAway) throw new Error('the bus is away');
          set.push({ is, evidence });
        },
      },
      clock: () => world.now,
      logger: { log: () => undefined },
      everyMs: 5,
    });
    watch.start();
    const polled = async (times = 3) => {
      const before = world.polls;
      await eventually(() => expect(world.polls).toBeGreaterThanOrEqual(before + times));
    };
    return { world, set, polled };
  };

  it('raises it when the platform has failed for long enough, and clears it with the first answer', async () => {
    const { world, set, polled } = start();
    await polled();
    world.error = 'connect ECONNREFUSED';
    await polled();
    world.now = RAISED_AFTER_MS - 1;
    await polled();
    expect(set.some(({ is }) => is)).toBe(false);
    world.now = RAISED_AFTER_MS + 1;
    await eventually(() =>
      expect(set.at(-1)).toEqual({ is: true, evidence: { error: 'connect ECONNREFUSED' } }),
    );
    world.error = null;
    await eventually(() => expect(set.at(-1)?.is).toBe(false));
  });

  it('begins to count anew after an answer', async () => {
    const { world, set, polled } = start();
    world.error = 'no response within 1000 ms';
    await polled();
    world.error = null;
    await polled();
    world.now = RAISED_AFTER_MS + 1;
    world.error = 'no response within 1000 ms';
    await polled();
    expect(set.some(({ is }) => is)).toBe(false);
  });

  it('raises it when the bus is back, if it was away by then', async () => {
    const { world, set, polled } = start();
    world.error = 'connect ECONNREFUSED';
    world.busIsAway = true;
    await polled();
    world.now = RAISED_AFTER_MS + 1;
    await polled();
    expect(set).toEqual([]);
    world.busIsAway = false;
    await eventually(() => expect(set.at(-1)?.is).toBe(true));
  });
});
