import type { Advice, ErrorSource, FaultKind } from './classification.ts';

interface KindPolicy {
  readonly transient: boolean;
  readonly strategy: Advice;
  /** Dependencies for which another strategy is better than for the rest. */
  readonly byDependency?: Partial<Record<ErrorSource, Advice>>;
}

const ESCALATE: KindPolicy = { transient: false, strategy: 'ESCALATE' };
const RETRY: KindPolicy = { transient: true, strategy: 'RETRY_WITH_BACKOFF' };

/**
 * The right strategy for a kind unless the matching row says otherwise. Mail can always wait, so it is
 * queued; a broken pooled connection of a server is reset, a stateless HTTP call is simply repeated.
 */
export const KIND_POLICY: Readonly<Record<FaultKind, KindPolicy>> = {
  auth_failure: ESCALATE,
  bad_gateway_body: RETRY,
  cache_corrupt: { transient: false, strategy: 'CLEAR_CACHE_AND_RETRY' },
  cache_unavailable: { transient: true, strategy: 'SKIP_OPERATION' },
  cancelled: { transient: false, strategy: 'SKIP_OPERATION' },
  concurrency_conflict: RETRY,
  configuration_error: ESCALATE,
  connection_lost: {
    transient: true,
    strategy: 'RETRY_WITH_BACKOFF',
    byDependency: { postgres: 'RESET_CONNECTION', redis: 'RESET_CONNECTION', smtp: 'QUEUE_FOR_LATER' },
  },
  connection_refused: { ...RETRY, byDependency: { smtp: 'QUEUE_FOR_LATER' } },
  constraint_violation: ESCALATE,
  crash_loop: ESCALATE,
  deadlock: { transient: true, strategy: 'ROLLBACK_TRANSACTION' },
  disk_full: ESCALATE,
  dns_failure: RETRY,
  event_loop_blocked: { transient: true, strategy: 'ESCALATE' },
  image_or_deploy_failure: ESCALATE,
  invalid_input: ESCALATE,
  lock_timeout: { ...RETRY, byDependency: { postgres: 'ROLLBACK_TRANSACTION' } },
  message_bus_unavailable: { transient: true, strategy: 'QUEUE_FOR_LATER' },
  no_responders: RETRY,
  not_found: ESCALATE,
  out_of_memory: ESCALATE,
  payload_too_large: ESCALATE,
  permission_denied: ESCALATE,
  pool_exhausted: RETRY,
  programming_bug: ESCALATE,
  quota_exceeded: {
    transient: false,
    strategy: 'ESCALATE',
    byDependency: { openai: 'SWITCH_API_ENDPOINT', smtp: 'QUEUE_FOR_LATER' },
  },
  rate_limited: { transient: true, strategy: 'RATE_LIMIT_BACKOFF' },
  read_only_failover: { transient: true, strategy: 'RESET_CONNECTION' },
  schema_mismatch: ESCALATE,
  serialization_conflict: { transient: true, strategy: 'ROLLBACK_TRANSACTION' },
  slow_consumer: { transient: true, strategy: 'RATE_LIMIT_BACKOFF' },
  timeout: { ...RETRY, byDependency: { kubernetes: 'ESCALATE' } },
  tls_error: ESCALATE,
  too_many_open_files: RETRY,
  unknown: ESCALATE,
  upstream_unavailable: { ...RETRY, byDependency: { smtp: 'QUEUE_FOR_LATER', kubernetes: 'ESCALATE' } },
};
