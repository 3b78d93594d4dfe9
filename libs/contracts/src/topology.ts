import { SERVICES, type ServiceName } from './contract/define-contract.ts';

/** One stream holds everything that must survive; no subject of a request belongs to it. */
export const EVENT_STREAM = { name: 'EVENTS', subjects: ['event.>'] } as const;
/** Copies of events that a consumer gave up, under `dead.<original subject>`. */
export const DEAD_LETTER_STREAM = { name: 'DEAD', subjects: ['dead.>'] } as const;
/** The durable consumer of all dead letters: the healer keeps them in PostgreSQL. */
export const DEAD_LETTER_CONSUMER = 'healer_keep-dead-letter';

/**
 * Key-value buckets: the owner that may write each (`readers` only read), and how long a value lives (0: for
 * ever).
 */
export const BUCKETS = {
  healer_incidents: { owner: 'healer', ttlMs: 7 * 24 * 3_600_000 },
  healer_leases: { owner: 'healer', ttlMs: 0 },
  healer_limits: { owner: 'healer', ttlMs: 24 * 3_600_000 },
  healer_pauses: { owner: 'healer', ttlMs: 24 * 3_600_000 },
  /** The deciding patterns; see `patternTableSchema`. */
  healer_patterns: { owner: 'healer', ttlMs: 0, readers: SERVICES },
  /** Prompts that were sent to the model: one per fingerprint and day, by whichever healer is first. */
  healer_prompts: { owner: 'healer', ttlMs: 24 * 3_600_000 },
  /**
   * The end of each chain of the audit log, by chain. Outside of PostgreSQL, so that an end that was cut off there is
   * found.
   */
  auth_audit_heads: { owner: 'auth', ttlMs: 0, maxBytes: 64 * 1024 ** 2 },
  monitor_registry: { owner: 'monitor', ttlMs: 0 },
  /** What admins have changed in the table of checks, by name of the check. */
  monitor_checks: { owner: 'monitor', ttlMs: 0 },
  /**
   * Written and read back, to check whether JetStream keeps what it confirms; so small that each write needs
   * a new file.
   */
  healer_store_check: { owner: 'healer', ttlMs: 0, maxBytes: 65_536 },
  monitor_store_check: { owner: 'monitor', ttlMs: 0, maxBytes: 65_536 },
} as const satisfies Record<
  string,
  { owner: ServiceName; ttlMs: number; maxBytes?: number; readers?: readonly ServiceName[] }
>;
export type BucketName = keyof typeof BUCKETS;

/**
 * The dependencies of each service: `needs`, without which it cannot work, and `uses`, without which it works
 * less well. The healer's graph: an incident of a dependency absorbs the symptoms of the services that depend
 * on it.
 */
export const DEPENDENCIES: Record<ServiceName, { needs: readonly string[]; uses: readonly string[] }> = {
  gateway: { needs: ['nats'], uses: ['auth', 'billing', 'support', 'redis'] },
  auth: { needs: ['nats', 'postgres'], uses: ['redis'] },
  billing: { needs: ['nats', 'postgres'], uses: [] },
  support: { needs: ['nats', 'postgres'], uses: [] },
  monitor: { needs: ['nats'], uses: ['postgres', 'redis'] },
  healer: { needs: ['nats'], uses: ['postgres'] },
};
