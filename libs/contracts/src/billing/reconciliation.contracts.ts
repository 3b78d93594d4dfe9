import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { timestampSchema } from '../values/identifiers.ts';

/** Sent by monitor, which reports what differs. */
export const getReconciliation = defineRequest({
  subject: 'rpc.billing.reconciliation.get',
  summary: 'What the last reconciliation of meter, invoices, ledger and payment provider found',
  permission: 'internal',
  callers: ['monitor'],
  input: z.strictObject({}),
  output: z.object({
    /** Null before the first run. */
    ran_at: timestampSchema.nullable(),
    /** In how many places they do not agree. */
    differences: z.number().int(),
    first: z.object({ id: z.string(), what: z.string() }).nullable(),
    /** Why the run did not get to its end; null when it did. */
    error: z.string().nullable(),
  }),
  repeatable: true,
});
