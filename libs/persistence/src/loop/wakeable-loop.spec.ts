import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@gridworks/testing';
import { describe, expect, it } from '@jest/globals';
import { WakeableLoop } from './wakeable-loop.ts';

describe('WakeableLoop', () => {
  it('runs when it is woken, right after the current run, and never twice at a time', async () => {
    let runs = 0;
    let running = 0;
    let most = 0;
    const gate = Promise.withResolvers<void>();
    const loop = new WakeableLoop(async () => {
      runs++;
      most = Math.max(most, ++running);
      if (runs === 2) await gate.promise;
      running--;
      return 60_000;
    });
    loop.start();
    await eventually(() => runs === 1);
    loop.wake();
    await eventually(() => runs === 2);
    loop.wake(); // during the second run: not lost
    loop.wake(); // and counted once
    gate.resolve();
    await eventually(() => runs === 3);
    await sleep(20);
    expect(runs).toBe(3);
    expect(most).toBe(1);
    await loop.stop();
  });

  it('lets the current run end when it is stopped, and starts no other', async () => {
    let ended = false;
    let runs = 0;
    const loop = new WakeableLoop(async () => {
      runs++;
      await sleep(30);
      ended = true;
      return 0;
    });
    loop.start();
    await eventually(() => runs === 1);
    await loop.stop();
    expect(ended).toBe(true);
    loop.wake();
    await sleep(20);
    expect(runs).toBe(1);
  });

  it('can be stopped without ever having been started, and while it pauses', async () => {
    await new WakeableLoop(async () => 0).stop();
    const loop = new WakeableLoop(async () => 60_000);
    loop.start(60_000);
    await loop.stop();
  });
});
