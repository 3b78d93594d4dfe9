import { ALLOWED, type GuardDecision, refuse } from './guard-decision.ts';

/** Refuses everything while the healer only shows what it would do (`HEALER_DRY_RUN`). */
export function notDryRun(dryRun: boolean): GuardDecision {
  return dryRun
    ? refuse('dry-run', 'this healer runs dry: it says what it would do and does nothing')
    : ALLOWED;
}
