import { describe, expect, it } from '@jest/globals';
import {
  type AttemptCounter,
  FailoverAttemptCounter,
  MemoryAttemptCounter,
  type SharedAttemptCounter,
} from './attempt-counter.ts';

describe('MemoryAttemptCounter', () => {
  it('counts within a window and starts again after it', async () => {
    let now = 1000;
    const counter = new MemoryAttemptCounter(10, () => now);
    expect(await counter.add('a', 500)).toEqual({ count: 1, endsInMs: 500 });
    now = 1400;
    expect(await counter.add('a', 500)).toEqual({ count: 2, endsInMs: 100 });
    now = 1500;
    expect(await counter.add('a', 500)).toEqual({ count: 1, endsInMs: 500 });
  });

  it('takes back and forgets', async () => {
    const counter = new MemoryAttemptCounter();
    await counter.takeBack('a');
    await counter.add('a', 500);
    await counter.takeBack('a');
    await counter.takeBack('a');
    expect((await counter.add('a', 500)).count).toBe(1);
    await counter.forget('a');
    expect((await counter.add('a', 500)).count).toBe(1);
  });

  it('holds no more keys than it may, whatever is thrown at it', async () => {
    const counter = new MemoryAttemptCounter(2);
    for (const key of ['a', 'b', 'c']) await counter.add(key, 500);
    expect((await counter.add('c', 500)).count).toBe(2);
    expect((await counter.add('a', 500)).count).toBe(1);
    for (const key of ['__proto__', 'constructor']) expect((await counter.add(key, 500)).count).toBe(1);
  });
});

describe('FailoverAttemptCounter', () => {
  class Switchable implements SharedAttemptCounter {
    state: 'up' | 'away' | 'broken' = 'up';
    readonly #counter = new MemoryAttemptCounter();
    async #answer<T>(work: () => Promise<T>): Promise<T | undefined> {
      if (this.state === 'broken') throw new Error('broken');
      return this.state === 'up' ? work() : undefined;
    }
    add = async (key: string, windowMs: number) =>
      (await this.#answer(() => this.#counter.add(key, windowMs))) ?? null;
    forget = (key: string) => this.#answer(() => this.#counter.forget(key));
    takeBack = (key: string) => this.#answer(() => this.#counter.takeBack(key));
  }

  it.each(['away', 'broken'] as const)(
    'counts locally while the shared counter is %s, and shared again after',
    async (state) => {
      const shared = new Switchable();
      const counter: AttemptCounter = new FailoverAttemptCounter(shared, new MemoryAttemptCounter());
      await counter.add('a', 500);
      await counter.add('a', 500);
      shared.state = state;
      expect((await counter.add('a', 500)).count).toBe(1);
      expect((await counter.add('a', 500)).count).toBe(2);
      await counter.takeBack('a');
      await counter.forget('a');
      expect((await counter.add('a', 500)).count).toBe(1);
      shared.state = 'up';
      expect((await counter.add('a', 500)).count).toBe(3);
    },
  );
});
