import type { FailureKind } from './healing-record.ts';

/**
 * Failures after which the one operation certainly did not happen: no connection was made, the request was
 * refused before any work, or the work was rolled back. A lost connection and a timeout are not among them.
 */
const DID_NOT_HAPPEN: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'connection_refused',
  'dns_failure',
  'no_responders',
  'pool_exhausted',
  'rate_limited',
  'read_only_failover',
  'deadlock',
  'serialization_conflict',
  'lock_timeout',
  'circuit_open',
  'bulkhead_full',
]);

export const surelyDidNotHappen = (kind: FailureKind): boolean => DID_NOT_HAPPEN.has(kind);

/** Failures of this process or of the caller, which are no evidence about the health of the dependency. */
const NOT_THE_DEPENDENCY: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'invalid_input',
  'cancelled',
  'programming_bug',
  'not_found',
  'constraint_violation',
  'concurrency_conflict',
  'serialization_conflict',
  'deadlock',
  'lock_timeout',
  'payload_too_large',
  'permission_denied',
  'auth_failure',
  'schema_mismatch',
  'configuration_error',
  'rate_limited',
  'quota_exceeded',
  'event_loop_blocked',
  'out_of_memory',
  'too_many_open_files',
  'cache_corrupt',
  'circuit_open',
  'bulkhead_full',
]);

/** Whether a failure counts for the dependency's breaker. An unknown failure does. */
export const concernsDependency = (kind: FailureKind): boolean => !NOT_THE_DEPENDENCY.has(kind);
