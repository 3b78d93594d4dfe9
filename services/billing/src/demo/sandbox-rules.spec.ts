import { describe, expect, it } from '@jest/globals';
import { ruleFor } from './sandbox-rules.ts';

describe('the rules of a sandbox', () => {
  it.each([
    [{ isAlive: true, silentMs: 90, hasPulse: true }, undefined],
    [{ isAlive: false, silentMs: 90, hasPulse: true }, undefined],
    [{ isAlive: false, silentMs: 450, hasPulse: true }, 'start_thread'],
    [{ isAlive: true, silentMs: 450, hasPulse: true }, undefined],
    [{ isAlive: true, silentMs: 2_100, hasPulse: true }, 'replace_thread'],
    // A thread that starts on a loaded machine gets more time.
    [{ isAlive: true, silentMs: 2_100, hasPulse: false }, undefined],
    [{ isAlive: true, silentMs: 5_100, hasPulse: false }, 'replace_thread'],
  ])('%j: %s', (seen, remedy) => {
    expect(ruleFor(seen)?.remedy).toBe(remedy);
  });
});
