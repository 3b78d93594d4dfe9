/** The use of a pool of connections. */
export interface PoolUse {
  readonly in_use: number;
  /** Callers that wait for a connection, or for their turn to ask for one. */
  readonly waiting: number;
  readonly max: number;
  /** How far it is used up; `warning` and `emergency` say that some work waits or is refused. */
  readonly level: 'normal' | 'warning' | 'emergency';
  /** `off`: work gets a connection in the order in which it comes, whatever its criticality. */
  readonly mode: 'auto' | 'off';
  /** Work that waited and was then done, and work that was refused, since the start of the process. */
  readonly queued_total: number;
  readonly refused_total: number;
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
  /** Sets how that pool is operated, and its size, until the process ends. */
  setPool?(mode: PoolUse['mode'], size: number): void;
  /** Events in its outbox that wait to be published, at most 10,000; null while that is not known. */
  outboxWaiting?(): number | null;
  /** How the service is degraded while the dependency is away, in words; null while it is not. */
  degraded(): string | null;
}
