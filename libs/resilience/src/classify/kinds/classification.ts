/**
 * The kind of an error, one word of a closed list: the names that labelled errors, patterns and incidents
 * share.
 */
export const ERROR_KINDS = [
  'auth_failure',
  'bad_gateway_body',
  'cache_corrupt',
  'cache_unavailable',
  'cancelled',
  'concurrency_conflict',
  'configuration_error',
  'connection_lost',
  'connection_refused',
  'constraint_violation',
  'crash_loop',
  'deadlock',
  'disk_full',
  'dns_failure',
  'event_loop_blocked',
  'image_or_deploy_failure',
  'invalid_input',
  'lock_timeout',
  'message_bus_unavailable',
  'no_responders',
  'not_found',
  'out_of_memory',
  'payload_too_large',
  'permission_denied',
  'pool_exhausted',
  'programming_bug',
  'quota_exceeded',
  'rate_limited',
  'read_only_failover',
  'schema_mismatch',
  'serialization_conflict',
  'slow_consumer',
  'timeout',
  'tls_error',
  'too_many_open_files',
  'unknown',
  'upstream_unavailable',
] as const;
export type FaultKind = (typeof ERROR_KINDS)[number];

/**
 * The advice of a classification: the ten strategies of the process, and ESCALATE when none of them is right.
 */
export const ADVICE = [
  'RETRY_WITH_BACKOFF',
  'FALLBACK_TO_CACHE',
  'SWITCH_API_ENDPOINT',
  'CLEAR_CACHE_AND_RETRY',
  'RESET_CONNECTION',
  'USE_DEFAULT_VALUE',
  'SKIP_OPERATION',
  'QUEUE_FOR_LATER',
  'ROLLBACK_TRANSACTION',
  'RATE_LIMIT_BACKOFF',
  'ESCALATE',
] as const;
export type Advice = (typeof ADVICE)[number];

/** The dependency that failed. */
export const ERROR_SOURCES = [
  'app',
  'dns',
  'filesystem',
  'http',
  'kubernetes',
  'nats',
  'openai',
  'postgres',
  'process',
  'redis',
  'smtp',
  'stripe',
  'tls',
  'twilio',
] as const;
export type ErrorSource = (typeof ERROR_SOURCES)[number];

export interface Classification {
  readonly kind: FaultKind;
  /** True when the same operation can succeed later without a change by a human. */
  readonly transient: boolean;
  readonly strategy: Advice;
  /** 0 … 1: the confidence of the rule; under 0.5 only ESCALATE is advised. */
  readonly confidence: number;
  /** One sentence for a human. */
  readonly why: string;
  /** The row that decided, `table/row`; `none` when nothing matched. */
  readonly rule: string;
}
