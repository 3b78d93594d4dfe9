/** What the guards and the driver go by. Times in milliseconds; set by `HEALER_*` in healer.config.ts. */
export interface HealingLimits {
  readonly dryRun: boolean;
  /** Acts on one service or server in an hour. */
  readonly actsPerServicePerHour: number;
  /** So many incidents of the same cause within the window, and a human must look. */
  readonly chain: { readonly limit: number; readonly windowMs: number };
  /** So many disruptive acts on the whole fleet within the window, and everything is paused. */
  readonly fleetBreaker: { readonly limit: number; readonly windowMs: number };
  /** An incident that is not over by then is mailed, whatever is still being done. */
  readonly escalateAfterMs: number;
  /** How long an act may wait for its turn before a human is asked. */
  readonly patienceMs: number;
  /** A symptom older than this proves nothing about now: the patient is looked at again before it is ended. */
  readonly staleAfterMs: number;
  /** Pause between two looks of a verification. */
  readonly pollEveryMs: number;
  /** Dependents may take so long after their cause is well; then they are treated themselves. */
  readonly dependentsGraceMs: number;
  /** Pause between two looks once a human was asked, how long it must stay well, and when looking on ends. */
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
