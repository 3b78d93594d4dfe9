import { remedySchema, timestampSchema } from '@gridworks/contracts';
import { z } from 'zod';

/** One act as the budgets count it. */
export const actSchema = z.object({
  id: z.string(),
  incident_id: z.string(),
  rule: z.string(),
  remedy: remedySchema,
  /** Service or server. */
  name: z.string(),
  process: z.string(),
  at: timestampSchema,
  /** `running` until its verification has ended. `unknown`: nobody knows whether it was done. */
  state: z.enum(['running', 'ended', 'unknown']),
});
export type Act = z.output<typeof actSchema>;

/** All acts of the last hours, in one document, so that a budget is checked and used in one compare-and-set. */
export const actLedgerSchema = z.object({
  acts: z.array(actSchema),
  /** A human closed the fleet breaker then: what was done before does not count for it. */
  breaker_closed_at: timestampSchema.nullable(),
});
export type ActLedger = z.output<typeof actLedgerSchema>;

export const EMPTY_LEDGER: ActLedger = { acts: [], breaker_closed_at: null };
/** Nothing looks further back than an hour. */
export const KEPT_MS = 3_600_000;
