import { describe, expect, it } from '@jest/globals';
import { ERROR_KINDS } from '../classify/kinds/classification.ts';
import { concernsDependency, surelyDidNotHappen } from './write-safety.ts';

describe('failures after which the work certainly did not happen', () => {
  it('are a closed list, without any failure after which it may have happened', () => {
    expect(ERROR_KINDS.filter(surelyDidNotHappen)).toEqual([
      'connection_refused',
      'deadlock',
      'dns_failure',
      'lock_timeout',
      'no_responders',
      'pool_exhausted',
      'rate_limited',
      'read_only_failover',
      'serialization_conflict',
    ]);
  });
});

describe('failures that count for a breaker', () => {
  it('are those of the dependency, and unknown ones', () => {
    for (const kind of ['timeout', 'connection_lost', 'upstream_unavailable', 'unknown'] as const)
      expect(concernsDependency(kind)).toBe(true);
    for (const kind of ['invalid_input', 'cancelled', 'programming_bug', 'circuit_open'] as const)
      expect(concernsDependency(kind)).toBe(false);
  });
});
