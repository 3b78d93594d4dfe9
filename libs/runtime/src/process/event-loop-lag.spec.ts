import { afterEach, describe, expect, it } from '@jest/globals';
import { EventLoopLag } from './event-loop-lag.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const holdUp = (ms: number) => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

describe('EventLoopLag', () => {
  let lag: EventLoopLag;
  afterEach(() => lag.stop());

  it('detects a block between two readings', async () => {
    lag = new EventLoopLag();
    await pause(20);
    holdUp(300);
    await pause(20);
    expect(lag.read()).toBeGreaterThan(150);
  });

  it('detects shorter blocks in a process that works', async () => {
    lag = new EventLoopLag();
    holdUp(200);
    await pause(50);
    lag.read();
    holdUp(80);
    await pause(20);
    expect(lag.read()).toBeGreaterThan(50);
  });

  it('detects a block that ends with the reading itself', async () => {
    lag = new EventLoopLag();
    lag.read();
    holdUp(300);
    expect(lag.read()).toBeGreaterThan(150);
  });

  it('resets with the next reading', async () => {
    lag = new EventLoopLag();
    holdUp(300);
    lag.read();
    await pause(60);
    expect(lag.read()).toBeLessThan(150);
  });
});
