import { describe, expect, it } from '@jest/globals';
import { FAST, SPREAD_FACTOR, TAIL_FACTOR } from './paces.ts';
import { UsualChanges } from './usual-changes.ts';

function learnBlock(usual: UsualChanges, change: number, sustained = 0) {
  for (let step = 0; step < FAST.blockSteps; step++) usual.learn(change, sustained);
}

describe('UsualChanges', () => {
  it('allows nothing before a block is complete', () => {
    const usual = new UsualChanges(FAST);
    for (let step = 1; step < FAST.blockSteps; step++) usual.learn(1, 1);
    expect([usual.blocks, usual.limit]).toEqual([0, 0]);
    usual.learn(1, 1);
    expect([usual.blocks, usual.limit]).toEqual([1, SPREAD_FACTOR]);
  });

  it('keeps its limit while fewer than half of the blocks of a window are contaminated', () => {
    const usual = new UsualChanges(FAST);
    for (let block = 0; block < 144; block++) learnBlock(usual, 1);
    for (let block = 0; block < 2; block++) learnBlock(usual, 1000);
    expect(usual.limit).toBe(SPREAD_FACTOR);
  });

  it('takes the widest window: a change is odd only when it is odd for all of them', () => {
    const usual = new UsualChanges(FAST);
    for (let block = 0; block < 100; block++) learnBlock(usual, 5);
    for (let block = 0; block < 44; block++) learnBlock(usual, 1);
    expect(usual.limit).toBe(5 * SPREAD_FACTOR);
    for (let block = 0; block < 72; block++) learnBlock(usual, 1);
    expect(usual.limit).toBe(SPREAD_FACTOR);
  });

  it('counts what is sustained in every hour as usual, and leaves out the most unusual blocks of a day', () => {
    const usual = new UsualChanges(FAST);
    for (let block = 0; block < 144; block++) learnBlock(usual, 0, block % 6 === 0 ? 40 : 0);
    expect(usual.limit).toBe(40 * TAIL_FACTOR);
    const rare = new UsualChanges({ ...FAST, windows: [144] });
    for (let block = 0; block < 144; block++) learnBlock(rare, 0, block % 24 === 0 ? 40 : 2);
    expect(rare.limit).toBe(2 * TAIL_FACTOR);
  });
});
