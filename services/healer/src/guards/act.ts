import { remedySchema, timestampSchema } from '@gridworks/contracts';
import { z } from 'zod';

/** One action as the budgets count it. */
export const actSchema = z.object({
  id: z.string(),
  incident_id: z.string(),
  rule: z.string(),
  remedy: remedySchema,
  /** Name of the service or server. */
  name: z.string(),
  process: z.string(),
  at: timestampSchema,
  /** `running` until its verification has ended. `unknown`: it is not known whether the act was done. */
  state: z.enum(['running', 'ended', 'unknown']),
});
export type Act = z.output<typeof actSchema>;

/**
 * All actions of the last hour in one document, so that a budget is checked and used in one compare-and-set.
 */
export const actLedgerSchema = z.object({
  acts: z.array(actSchema),
  /** When a human closed the fleet breaker. Earlier actions do not count for the breaker. */
  breaker_closed_at: timestampSchema.nullable(),
});
export type ActLedger = z.output<typeof actLedgerSchema>;

export const EMPTY_LEDGER: ActLedger = { acts: [], breaker_closed_at: null };
/** No guard needs actions older than an hour. */
export const KEPT_MS = 3_600_000;
