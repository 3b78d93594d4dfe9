/**
 * What a thing that can be away tells about itself: a database, a cache, the bus. It only reports; the
 * runtime calls `check` once a second and turns the answers into health, the pulse and metrics.
 */
export interface DependencyProbe {
  /** `postgres`, `nats`, `redis`: the name used in pulses and in the dependency graph. */
  readonly name: string;
  /** The instance is not ready while a critical dependency is away. */
  readonly critical: boolean;
  /** Resolves when it answers; throws when it is away. Must stop when `signal` aborts. */
  check(signal: AbortSignal): Promise<void>;
  /** Connections that broke under us since the start of the process. Never goes down. */
  connectionsLost(): number;
  /** Identity of the server's boot (start time, run id, server id), once known. */
  boot(): string | null;
  /** Drops every connection and makes new ones. */
  reset(): Promise<void>;
  /** What works less well while it is away, in words; null while nothing does. */
  degraded(): string | null;
}
