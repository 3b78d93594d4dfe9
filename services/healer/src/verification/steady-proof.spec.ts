import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bad, good, unknown } from './probe.ts';
import { SteadyProof } from './steady-proof.ts';

describe('a steady proof', () => {
  it('needs the whole window without a break', () => {
    const proof = new SteadyProof(500);
    expect([0, 100, 200, 300, 400].map((at) => proof.observe(good('x'), null, at))).not.toContain(true);
    expect(proof.observe(good('x'), null, 500)).toBe(true);
  });

  it.each([
    ['a bad look', bad('x'), null],
    ['a look that saw nothing', unknown('x'), null],
    ['a signal that is still open', good('x'), 'not cleared'],
  ] as const)('starts over after %s', (_name, observe, stillOpen) => {
    const proof = new SteadyProof(300);
    for (const at of [0, 100, 200]) proof.observe(good('x'), null, at);
    expect(proof.observe(observe, stillOpen, 300)).toBe(false);
    expect(proof.observe(good('x'), null, 400)).toBe(false);
    expect(proof.observe(good('x'), null, 699)).toBe(false);
    expect(proof.observe(good('x'), null, 700)).toBe(true);
  });

  it('starts over when another boot responds', () => {
    const proof = new SteadyProof(300);
    for (const at of [0, 100, 200]) proof.observe(good('x', 'one'), null, at);
    expect(proof.observe(good('x', 'two'), null, 300)).toBe(false);
    expect(proof.observe(good('x', 'two'), null, 600)).toBe(true);
  });

  it('is never complete without a good look now and one before', () => {
    const observe = fc.record({
      status: fc.constantFrom('good', 'bad', 'unknown'),
      ms: fc.integer({ min: 1, max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(observe), fc.integer({ min: 0, max: 500 }), (observations, window) => {
        const proof = new SteadyProof(window);
        let now = 0;
        let goodFor = 0;
        let streak = 0;
        for (const { status, ms } of observations) {
          now += ms;
          const isGood = status === 'good';
          goodFor = isGood && streak > 0 ? goodFor + ms : 0;
          streak = isGood ? streak + 1 : 0;
          const result = isGood ? good('x') : status === 'bad' ? bad('x') : unknown('x');
          expect(proof.observe(result, null, now)).toBe(streak >= 2 && goodFor >= window);
        }
      }),
    );
  });
});
