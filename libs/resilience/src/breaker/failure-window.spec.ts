import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FailureWindow } from './failure-window.ts';

describe('FailureWindow', () => {
  it('gives the same result as a full count, for any sequence of calls', () => {
    const call = fc.record({ failed: fc.boolean(), after: fc.integer({ min: 0, max: 40 }) });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 120 }), fc.integer({ min: 1, max: 30 }), (calls, size) => {
        const window = new FailureWindow(size, 100);
        const known: { failed: boolean; at: number }[] = [];
        let now = 1;
        for (const { failed, after } of calls) {
          now += after;
          if (failed) window.failed(now);
          else window.succeeded();
          known.push({ failed, at: now });
          const last = known.slice(-size);
          const recent = last.filter((one) => one.failed && one.at > now - 100).length;
          expect(window.exceeds(0.5, 5, now)).toBe(last.length >= 5 && recent > last.length / 2);
        }
      }),
    );
  });
});
