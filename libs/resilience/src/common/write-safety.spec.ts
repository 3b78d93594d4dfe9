import { describe, expect, it } from '@jest/globals';
import { ERROR_KINDS } from '../classify/kinds/classification.ts';
import { concernsDependency, surelyDidNotHappen } from './write-safety.ts';

describe('what surely did not happen', () => {
  it('is a closed list, in which nothing stands that may have been done', () => {
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

describe('what counts for a breaker', () => {
  it('is what the dependency did, and what nobody knows', () => {
    for (const kind of ['timeout', 'connection_lost', 'upstream_unavailable', 'unknown'] as const)
      expect(concernsDependency(kind)).toBe(true);
    for (const kind of ['invalid_input', 'cancelled', 'programming_bug', 'circuit_open'] as const)
      expect(concernsDependency(kind)).toBe(false);
  });
});
