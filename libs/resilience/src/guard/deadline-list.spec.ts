import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DeadlineList, type TimedCall } from './deadline-list.ts';

interface Probe extends TimedCall {
  given: boolean;
}
function timedCall(onGiveUp: () => void = () => undefined): Probe {
  return {
    due: 0,
    previous: null,
    next: null,
    given: false,
    giveUp() {
      this.given = true;
      onGiveUp();
    },
  };
}

describe('DeadlineList', () => {
  it('gives up due calls and no others, never early, in any order of ends', () => {
    const step = fc.oneof(
      fc.constant('begin' as const),
      fc.record({ end: fc.nat(50) }),
      fc.record({ pass: fc.integer({ min: 1, max: 60 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const list = new DeadlineList(100);
        const flying = new Map<Probe, number>();
        let now = 1_000;
        for (const next of steps) {
          if (next === 'begin') {
            const call = timedCall();
            list.add(call);
            flying.set(call, now);
          } else if ('end' in next) {
            const call = [...flying.keys()][next.end % Math.max(1, flying.size)];
            if (!call) continue;
            list.remove(call);
            flying.delete(call);
            expect(call.given).toBe(false);
          } else {
            const polledBefore = now;
            now += next.pass;
            list.sweep(now);
            for (const [call, began] of flying) {
              if (call.given) {
                expect(now - began).toBeGreaterThanOrEqual(100);
                flying.delete(call);
              } else if (began < polledBefore) expect(now - began).toBeLessThan(100 + 120);
            }
          }
        }
        expect(list.sweep(now + 1)).toBe([...flying.keys()].some((call) => !call.given));
      }),
    );
  });

  it('does not give up at once a call that begins while it gives up others', () => {
    const list = new DeadlineList(10);
    const late = timedCall();
    list.add(timedCall(() => list.add(late)));
    list.sweep(1_000);
    list.sweep(1_010);
    expect(late.given).toBe(false);
    list.sweep(1_020);
    list.sweep(1_030);
    expect(late.given).toBe(true);
  });
});
