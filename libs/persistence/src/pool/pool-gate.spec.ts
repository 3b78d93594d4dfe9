import { AppError } from '@gridworks/contracts';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  MOST_PER_CALLER,
  PoolGate,
  type PoolTransition,
  type PoolWork,
  WAIT_AT_MOST_MS,
} from './pool-gate.ts';

const SIZE = 20;
const normal = (caller: string | undefined = undefined, deadlineAt?: number): PoolWork => ({
  criticality: 'normal',
  caller,
  deadlineAt,
});
const criticalOf = (caller: string | undefined): PoolWork => ({
  criticality: 'critical',
  caller,
  deadlineAt: undefined,
});
const critical = criticalOf(undefined);

describe('the gate of a pool of 20', () => {
  let max: number;
  let gate: PoolGate;
  let changes: PoolTransition[];
  beforeEach(() => {
    jest.useFakeTimers();
    max = SIZE;
    changes = [];
    gate = new PoolGate({ max: () => max, onTransition: (one) => changes.push(one) });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const enter = (work: PoolWork, times = 1) => Array.from({ length: times }, () => gate.enter(work));
  const leave = (work: PoolWork, times = 1) => Array.from({ length: times }, () => gate.leave(work));
  const levels = () => changes.map(({ from, to }) => `${from} ${to}`);
  const refusal = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      return (error as AppError).code;
    }
    return 'not refused';
  };

  it('lets everything pass below 85 %, and says nothing', () => {
    expect(enter(normal('usr_1'), 16)).toEqual(Array(16).fill(undefined));
    expect(gate.level).toBe('normal');
    expect(changes).toEqual([]);
  });

  it('keeps 15 % for critical work: the 18th normal request waits, a critical one does not', async () => {
    enter(normal(), 17);
    expect(changes).toMatchObject([{ from: 'normal', to: 'warning', in_use: 17, queued: 0, max: 20 }]);
    const waiting = gate.enter(normal());
    expect(waiting).toBeInstanceOf(Promise);
    expect(gate.enter(critical)).toBeUndefined();
    leave(normal(), 2);
    await waiting;
    expect(gate.counts()).toEqual({ queued: 1, refused: 0 });
  });

  it('refuses new normal work from 92 % on, with a time to come back, and keeps what waits', async () => {
    enter(normal(), 17);
    const waiting = gate.enter(normal()) as Promise<void>;
    enter(critical, 2);
    jest.advanceTimersByTime(250);
    expect(levels()).toEqual(['normal warning', 'warning emergency']);
    expect(refusal(() => gate.enter(normal()))).toBe('PLATFORM.REDUCED_CAPACITY');
    try {
      gate.enter(normal());
    } catch (error) {
      expect(error).toMatchObject({ kind: 'unavailable', retryable: true, retryAfterMs: 1000 });
    }
    expect(enter(critical, 30)).toEqual(Array(30).fill(undefined));
    leave(critical, 32);
    leave(normal());
    await waiting;
    expect(gate.counts()).toEqual({ queued: 1, refused: 2 });
  });

  it('falls one level at a time, each after a quarter of a second', () => {
    enter(normal(), 17);
    enter(critical, 2);
    jest.advanceTimersByTime(250);
    leave(critical, 2);
    leave(normal(), 17);
    expect(gate.level).toBe('emergency');
    jest.advanceTimersByTime(249);
    expect(gate.level).toBe('emergency');
    jest.advanceTimersByTime(1);
    expect(gate.level).toBe('warning');
    jest.advanceTimersByTime(250);
    expect(levels()).toEqual(['normal warning', 'warning emergency', 'emergency warning', 'warning normal']);
  });

  it('stays in the emergency between 88 and 92 %, and leaves it below', () => {
    enter(critical, 19);
    jest.advanceTimersByTime(250);
    leave(critical);
    jest.advanceTimersByTime(10_000);
    expect(gate.level).toBe('emergency'); // 18 of 20: 90 %
    leave(critical);
    jest.advanceTimersByTime(250);
    expect(gate.level).toBe('warning'); // 85 %
    jest.advanceTimersByTime(10_000);
    expect(gate.level).toBe('warning');
    leave(critical);
    jest.advanceTimersByTime(250);
    expect(gate.level).toBe('normal');
  });

  it('is no emergency while short queries fill the pool again and again', () => {
    for (let i = 0; i < 50; i++) {
      enter(critical, 20);
      jest.advanceTimersByTime(200);
      leave(critical, 20);
      jest.advanceTimersByTime(20);
    }
    expect(levels()).toEqual(['normal warning']);
  });

  it('does not flicker: pressure that comes back within a quarter of a second keeps the level', () => {
    enter(critical, 19);
    jest.advanceTimersByTime(250);
    for (let i = 0; i < 20; i++) {
      leave(critical, 5);
      jest.advanceTimersByTime(200);
      enter(critical, 5);
      jest.advanceTimersByTime(200);
    }
    expect(levels()).toEqual(['normal warning', 'warning emergency']);
  });

  it('gives a caller five connections while others wait, and serves the others meanwhile', async () => {
    enter(normal('usr_greedy'), 16);
    gate.enter(normal('usr_other'));
    const greedy = enter(normal('usr_greedy'), 3);
    const patient = gate.enter(normal('usr_patient')) as Promise<void>;
    leave(normal('usr_greedy'), 3);
    await patient;
    const done: string[] = [];
    greedy.map((one) => (one as Promise<void>).then(() => done.push('greedy')));
    await Promise.resolve();
    expect(done).toEqual([]); // 13 connections are still theirs
    leave(normal('usr_greedy'), 13 - MOST_PER_CALLER + 1);
    await greedy[0];
    expect(done).toEqual(['greedy']);
  });

  it('lets critical work of one caller wait for its sixth connection, in the emergency too, and refuses none', async () => {
    enter(criticalOf('usr_busy'), 17);
    enter(critical, 3);
    jest.advanceTimersByTime(250);
    expect(gate.level).toBe('emergency');
    const sixth = gate.enter(criticalOf('usr_busy')) as Promise<void>;
    expect(gate.enter(criticalOf('usr_other'))).toBeUndefined();
    leave(criticalOf('usr_busy'), 17 - MOST_PER_CALLER + 1);
    await sixth;
    expect(gate.counts()).toEqual({ queued: 1, refused: 0 });
  });

  it('refuses what has waited for a second, or as long as its deadline allows', async () => {
    enter(normal(), 17);
    const first = gate.enter(normal()) as Promise<void>;
    const hurried = gate.enter(normal('usr_1', Date.now() + 500)) as Promise<void>;
    expect(refusal(() => gate.enter(normal('usr_1', Date.now() + 200)))).toBe('PLATFORM.REDUCED_CAPACITY');
    const outcomes = Promise.allSettled([first, hurried]);
    jest.advanceTimersByTime(WAIT_AT_MOST_MS);
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'PLATFORM.REDUCED_CAPACITY' } });
    leave(normal(), 17);
    expect(enter(normal(), 16)).toEqual(Array(16).fill(undefined));
  });

  it('lets a bounded number wait', () => {
    enter(normal(), 17);
    const waiting = enter(normal(), 8 * SIZE);
    for (const one of waiting) (one as Promise<void>).catch(() => undefined);
    expect(refusal(() => gate.enter(normal()))).toBe('PLATFORM.REDUCED_CAPACITY');
  });

  it('lets those who wait in when the pool grows', async () => {
    enter(normal(), 17);
    const waiting = enter(normal(), 3);
    max = 30;
    gate.resized();
    await Promise.all(waiting);
    jest.advanceTimersByTime(250);
    expect(gate.level).toBe('normal');
  });

  it('treats everything alike while it is off', async () => {
    enter(normal(), 17);
    const waiting = gate.enter(normal());
    gate.turn(true);
    await waiting;
    expect(enter(normal(), 100)).toEqual(Array(100).fill(undefined));
    expect(gate.level).toBe('normal');
    gate.turn(false);
    jest.advanceTimersByTime(250);
    expect(gate.level).toBe('emergency');
  });

  it('works for a pool of one: normal work waits for its turn', async () => {
    max = 1;
    gate.enter(normal());
    const waiting = gate.enter(critical);
    expect(waiting).toBeUndefined();
    leave(critical);
    leave(normal());
    jest.advanceTimersByTime(1000);
    expect(gate.level).toBe('normal');
    expect(gate.enter(normal())).toBeUndefined();
  });
});
