import { ALLOWED, type GuardDecision, refuse } from './guard-decision.ts';

/** Refuses every act while `HEALER_DRY_RUN` is set: the healer then only shows what it would do. */
export function notDryRun(dryRun: boolean): GuardDecision {
  return dryRun ? refuse('dry-run', 'this healer runs dry: it only reports what it would do') : ALLOWED;
}
