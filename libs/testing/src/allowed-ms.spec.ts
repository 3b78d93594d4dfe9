import { describe, expect, it } from '@jest/globals';
import { allowedMs, machineLoad } from './allowed-ms.ts';

describe('allowedMs', () => {
  it('allows at least the time of a quiet machine, and at most ten times that', () => {
    expect(allowedMs(100)).toBeGreaterThanOrEqual(100);
    expect(allowedMs(100)).toBeLessThanOrEqual(1_000);
  });

  it('never returns a load below that of a quiet machine', () =>
    expect(machineLoad()).toBeGreaterThanOrEqual(1));
});
