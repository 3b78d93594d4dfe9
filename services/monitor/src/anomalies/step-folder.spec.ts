import { describe, expect, it } from '@jest/globals';
import { STEP_SAMPLES } from './paces.ts';
import { StepFolder } from './step-folder.ts';

describe('StepFolder', () => {
  it('ends a step with the median of its samples, and says nothing within it or for an empty one', () => {
    const folder = new StepFolder(10_000);
    expect(folder.advance(10_000)).toBeUndefined();
    for (const value of [5, 900, 7]) folder.add(value);
    expect(folder.advance(19_999)).toBeUndefined();
    expect(folder.advance(20_000)).toBe(7);
    expect(folder.advance(45_000)).toBeUndefined();
  });

  it('keeps the latest samples of a step that has many', () => {
    const folder = new StepFolder(10_000);
    folder.advance(0);
    for (let i = 0; i < 1000; i++) folder.add(1);
    for (let i = 0; i < STEP_SAMPLES; i++) folder.add(2);
    expect(folder.advance(10_000)).toBe(2);
  });
});
