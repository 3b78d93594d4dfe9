import { describe, expect, it } from '@jest/globals';
import { allowedMs, machineLoad } from './allowed-ms.ts';

describe('allowedMs', () => {
  it('allows the time of a quiet machine at least, and ten times that at most', () => {
    expect(allowedMs(100)).toBeGreaterThanOrEqual(100);
    expect(allowedMs(100)).toBeLessThanOrEqual(1_000);
  });

  it('never counts a machine as less than quiet', () => expect(machineLoad()).toBeGreaterThanOrEqual(1));
});
