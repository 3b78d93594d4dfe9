/** The use of a pool of connections. */
export interface PoolUse {
  readonly in_use: number;
  readonly waiting: number;
  readonly max: number;
}

/**
 * The state that a dependency reports about itself: a database, a cache, the bus. The probe only reports; the
 * runtime calls `check` once a second and turns the results into health, the pulse and metrics.
 */
export interface DependencyProbe {
  /** `postgres`, `nats`, `redis`: the name used in pulses and in the dependency graph. */
  readonly name: string;
  /** The instance is not ready while a critical dependency is away. */
  readonly critical: boolean;
  /** Resolves when the dependency responds; throws when it is away. Must stop when `signal` aborts. */
  check(signal: AbortSignal): Promise<void>;
  /** Connections that broke since the start of the process. Never decreases. */
  connectionsLost(): number;
  /** Identity of the server's boot (start time, run id, server id), once known. */
  boot(): string | null;
  /** Drops every connection and makes new ones. */
  reset(): Promise<void>;
  /** The pool of connections now, where there is one: those lent, callers that wait for one, and the most there may be. */
  pool?(): PoolUse;
  /** How the service is degraded while the dependency is away, in words; null while it is not. */
  degraded(): string | null;
}
