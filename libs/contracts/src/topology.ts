import { SERVICES, type ServiceName } from './contract/define-contract.ts';

/** All that must survive is one stream; subjects of requests never fall into it. */
export const EVENT_STREAM = { name: 'EVENTS', subjects: ['event.>'] } as const;
/** Copies of events that a consumer gave up, under `dead.<original subject>`. */
export const DEAD_LETTER_STREAM = { name: 'DEAD', subjects: ['dead.>'] } as const;

/** Key-value buckets: who may write each (`readers` only read), and how long a value lives (0: for ever). */
export const BUCKETS = {
  healer_incidents: { owner: 'healer', ttlMs: 7 * 24 * 3_600_000 },
  healer_leases: { owner: 'healer', ttlMs: 0 },
  healer_limits: { owner: 'healer', ttlMs: 24 * 3_600_000 },
  healer_pauses: { owner: 'healer', ttlMs: 24 * 3_600_000 },
  /** What was learned and decides now; see `patternTableSchema`. */
  healer_patterns: { owner: 'healer', ttlMs: 0, readers: SERVICES },
  /** Questions that the model was asked: one a fingerprint and day, by whichever healer is first. */
  healer_prompts: { owner: 'healer', ttlMs: 24 * 3_600_000 },
  monitor_registry: { owner: 'monitor', ttlMs: 0 },
  /** Written and read back, to see whether JetStream keeps what it confirms; so small that each write needs a new file. */
  healer_store_check: { owner: 'healer', ttlMs: 0, maxBytes: 65_536 },
  monitor_store_check: { owner: 'monitor', ttlMs: 0, maxBytes: 65_536 },
} as const satisfies Record<
  string,
  { owner: ServiceName; ttlMs: number; maxBytes?: number; readers?: readonly ServiceName[] }
>;
export type BucketName = keyof typeof BUCKETS;

/**
 * What each service cannot work without (`needs`) and works less well without (`uses`). The healer's graph:
 * an incident of what stands on the right swallows the symptoms of what stands on the left.
 */
export const DEPENDENCIES: Record<ServiceName, { needs: readonly string[]; uses: readonly string[] }> = {
  gateway: { needs: ['nats'], uses: ['auth', 'billing', 'support', 'redis'] },
  auth: { needs: ['nats', 'postgres'], uses: ['redis'] },
  billing: { needs: ['nats', 'postgres'], uses: [] },
  support: { needs: ['nats', 'postgres'], uses: [] },
  monitor: { needs: ['nats'], uses: ['postgres', 'redis'] },
  healer: { needs: ['nats'], uses: ['postgres'] },
};
