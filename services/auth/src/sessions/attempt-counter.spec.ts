import { describe, expect, it } from '@jest/globals';
import { type AttemptCounter, FailoverAttemptCounter, MemoryAttemptCounter } from './attempt-counter.ts';

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
  class Switchable extends MemoryAttemptCounter {
    away = false;
    override async add(key: string, windowMs: number) {
      if (this.away) throw new Error('away');
      return super.add(key, windowMs);
    }
    override async forget(key: string) {
      if (this.away) throw new Error('away');
      return super.forget(key);
    }
    override async takeBack(key: string) {
      if (this.away) throw new Error('away');
      return super.takeBack(key);
    }
  }

  it('counts locally while the shared counter is away, and shared again after', async () => {
    const shared = new Switchable();
    const counter: AttemptCounter = new FailoverAttemptCounter(shared, new MemoryAttemptCounter());
    await counter.add('a', 500);
    await counter.add('a', 500);
    shared.away = true;
    expect((await counter.add('a', 500)).count).toBe(1);
    expect((await counter.add('a', 500)).count).toBe(2);
    await counter.takeBack('a');
    await counter.forget('a');
    expect((await counter.add('a', 500)).count).toBe(1);
    shared.away = false;
    expect((await counter.add('a', 500)).count).toBe(3);
  });
});
