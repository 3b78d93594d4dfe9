import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sampleSuites } from './sample-suites.ts';
import { SAMPLE_S, SAMPLED_SUITES, SLOW_SUITES } from './slow-suites.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const slow = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`slow-${i}.spec.ts`, 30]));
const suites = [...Object.keys(slow), 'one.spec.ts', 'other.spec.ts'];

describe('a sample of the suites', () => {
  it('has every quick suite, and slow ones up to the budget', () => {
    const { taken, left } = sampleSuites(suites, slow, 'a', 100);
    expect(taken).toEqual(expect.arrayContaining(['one.spec.ts', 'other.spec.ts']));
    expect(taken).toHaveLength(2 + 4);
    expect([...taken, ...left].sort()).toEqual([...suites].sort());
  });

  it('is the same for a seed, and another for another, until each suite had its turn', () => {
    const chosen = (seed: string) => sampleSuites(suites, slow, seed, 100).taken;
    expect(chosen('a')).toEqual(chosen('a'));
    expect(chosen('a')).not.toEqual(chosen('b'));
    const ever = new Set(Array.from({ length: 100 }, (_, i) => chosen(`seed ${i}`)).flat());
    expect(ever.size).toBe(suites.length);
  });

  it('knows suites that exist, and never takes all slow ones', () => {
    expect(Object.keys(SLOW_SUITES).filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const total = Object.values(SAMPLED_SUITES).reduce((sum, seconds) => sum + seconds, 0);
    expect(total).toBeGreaterThan(SAMPLE_S);
  });
});
