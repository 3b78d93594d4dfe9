import { describe, expect, it } from '@jest/globals';
import { brokenPromises } from './verify-promises.ts';

const tickets = { acknowledged: 10, lost: 0, found: 11, sent: 12 };
const usage = { answered: 100, ambiguous: 3, counted: 102 };

describe('brokenPromises', () => {
  it('is content with what was promised, and with what may have happened', () => {
    expect(brokenPromises({ tickets, usage })).toEqual([]);
  });

  it.each([
    [{ tickets: { ...tickets, lost: 1 }, usage }, '1 acknowledged tickets are lost'],
    [{ tickets: { ...tickets, found: 13 }, usage }, '13 tickets exist, and only 12 were sent'],
    [{ tickets, usage: { ...usage, counted: 99 } }, '99 calls are counted, and 100 were answered'],
    [{ tickets, usage: { ...usage, counted: 104 } }, '104 calls are counted, and at most 103 were made'],
  ])('names what is not true', (promises, text) => {
    expect(brokenPromises(promises)).toEqual([text]);
  });
});
