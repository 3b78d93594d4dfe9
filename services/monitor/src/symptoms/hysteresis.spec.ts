import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Hysteresis } from './hysteresis.ts';

const options = { raiseAfterMs: 3000, clearAfterMs: 1000 };

describe('Hysteresis', () => {
  it('reports once when it begins and once when it ends', () => {
    const hysteresis = new Hysteresis(options);
    const changes = [];
    for (let now = 0; now <= 20_000; now += 250)
      changes.push(hysteresis.update(now >= 5000 && now < 12_000, now));
    expect(changes.filter(Boolean)).toEqual(['raised', 'cleared']);
    expect(changes.indexOf('raised') * 250).toBe(8000);
    expect(changes.indexOf('cleared') * 250).toBe(13_000);
  });

  it('reports at once when it needs no time', () => {
    const hysteresis = new Hysteresis({ raiseAfterMs: 0, clearAfterMs: 0 });
    expect(hysteresis.update(true, 1)).toBe('raised');
    expect(hysteresis.update(false, 1)).toBe('cleared');
  });

  it('does not count time in which nothing could be known', () => {
    const hysteresis = new Hysteresis(options);
    hysteresis.update(true, 0);
    hysteresis.shift(10_000);
    expect(hysteresis.update(true, 10_500)).toBeNull();
    expect(hysteresis.update(true, 13_000)).toBe('raised');
  });

  it('never reports a condition shorter than its delay, and raises and clears in turn', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ wrong: fc.boolean(), ms: fc.integer({ min: 1, max: 4000 }) })),
        (spans) => {
          const hysteresis = new Hysteresis(options);
          let now = 0;
          let wrongFor = 0;
          const changes: string[] = [];
          for (const { wrong, ms } of spans) {
            for (let left = ms; left > 0; left -= 100, now += 100) {
              const change = hysteresis.update(wrong, now);
              if (change === 'raised') expect(wrongFor).toBeGreaterThanOrEqual(options.raiseAfterMs);
              if (change) changes.push(change);
              wrongFor = wrong ? wrongFor + 100 : 0;
            }
          }
          changes.forEach((change, index) => {
            expect(change).toBe(index % 2 === 0 ? 'raised' : 'cleared');
          });
        },
      ),
    );
  });
});
