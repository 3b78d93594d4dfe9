import type { Advice, ErrorSource, FaultKind } from './classification.ts';

interface KindPolicy {
  readonly transient: boolean;
  readonly strategy: Advice;
  /** Where one dependency is better served by another strategy than the rest. */
  readonly byDependency?: Partial<Record<ErrorSource, Advice>>;
}

const escalate: KindPolicy = { transient: false, strategy: 'ESCALATE' };
const retry: KindPolicy = { transient: true, strategy: 'RETRY_WITH_BACKOFF' };

/**
 * What is right for a kind unless the matching row says otherwise. Mail can always wait, so it is queued; a broken pooled
 * connection of a server is reset, one of a stateless HTTP call is simply made again.
 */
export const KIND_POLICY: Readonly<Record<FaultKind, KindPolicy>> = {
  auth_failure: escalate,
  bad_gateway_body: retry,
  cache_corrupt: { transient: false, strategy: 'CLEAR_CACHE_AND_RETRY' },
  cache_unavailable: { transient: true, strategy: 'SKIP_OPERATION' },
  cancelled: { transient: false, strategy: 'SKIP_OPERATION' },
  concurrency_conflict: retry,
  configuration_error: escalate,
  connection_lost: {
    transient: true,
    strategy: 'RETRY_WITH_BACKOFF',
    byDependency: { postgres: 'RESET_CONNECTION', redis: 'RESET_CONNECTION', smtp: 'QUEUE_FOR_LATER' },
  },
  connection_refused: { ...retry, byDependency: { smtp: 'QUEUE_FOR_LATER' } },
  constraint_violation: escalate,
  crash_loop: escalate,
  deadlock: { transient: true, strategy: 'ROLLBACK_TRANSACTION' },
  disk_full: escalate,
  dns_failure: retry,
  event_loop_blocked: { transient: true, strategy: 'ESCALATE' },
  image_or_deploy_failure: escalate,
  invalid_input: escalate,
  lock_timeout: { ...retry, byDependency: { postgres: 'ROLLBACK_TRANSACTION' } },
  message_bus_unavailable: { transient: true, strategy: 'QUEUE_FOR_LATER' },
  no_responders: retry,
  not_found: escalate,
  out_of_memory: escalate,
  payload_too_large: escalate,
  permission_denied: escalate,
  pool_exhausted: retry,
  programming_bug: escalate,
  quota_exceeded: {
    transient: false,
    strategy: 'ESCALATE',
    byDependency: { openai: 'SWITCH_API_ENDPOINT', smtp: 'QUEUE_FOR_LATER' },
  },
  rate_limited: { transient: true, strategy: 'RATE_LIMIT_BACKOFF' },
  read_only_failover: { transient: true, strategy: 'RESET_CONNECTION' },
  schema_mismatch: escalate,
  serialization_conflict: { transient: true, strategy: 'ROLLBACK_TRANSACTION' },
  slow_consumer: { transient: true, strategy: 'RATE_LIMIT_BACKOFF' },
  timeout: { ...retry, byDependency: { kubernetes: 'ESCALATE' } },
  tls_error: escalate,
  too_many_open_files: retry,
  unknown: escalate,
  upstream_unavailable: { ...retry, byDependency: { smtp: 'QUEUE_FOR_LATER', kubernetes: 'ESCALATE' } },
};
