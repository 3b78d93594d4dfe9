/** The limits of the guards and the driver. Times in milliseconds; set by `HEALER_*` in healer.config.ts. */
export interface HealingLimits {
  readonly dryRun: boolean;
  /** Actions on one service or server in an hour. */
  readonly actsPerServicePerHour: number;
  /** After `limit` incidents of the same cause within the window a human must take over. */
  readonly chain: { readonly limit: number; readonly windowMs: number };
  /** After `limit` disruptive actions on the whole fleet within the window everything is paused. */
  readonly fleetBreaker: { readonly limit: number; readonly windowMs: number };
  /** An incident that is not over by then is mailed, while healing continues. */
  readonly escalateAfterMs: number;
  /** How long an act may wait for its turn before the incident is escalated. */
  readonly patienceMs: number;
  /** A symptom older than this may be outdated: the target is probed again before it is restarted. */
  readonly staleAfterMs: number;
  /** Interval between two probes of a verification. */
  readonly pollEveryMs: number;
  /**
   * How long dependents may take to recover after their cause is healthy; then they are treated themselves.
   */
  readonly dependentsGraceMs: number;
  /**
   * After an escalation: the interval between two probes, how long the target must stay healthy, and how long
   * it is observed.
   */
  readonly observeTarget: { readonly everyMs: number; readonly steadyMs: number; readonly forMs: number };
}

export const DEFAULT_LIMITS: HealingLimits = {
  dryRun: false,
  actsPerServicePerHour: 60,
  chain: { limit: 3, windowMs: 600_000 },
  fleetBreaker: { limit: 30, windowMs: 600_000 },
  escalateAfterMs: 60_000,
  patienceMs: 45_000,
  staleAfterMs: 3000,
  pollEveryMs: 100,
  dependentsGraceMs: 5000,
  observeTarget: { everyMs: 1000, steadyMs: 3000, forMs: 3_600_000 },
};
