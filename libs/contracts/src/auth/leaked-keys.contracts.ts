import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';

/** How many found keys one report names at most. */
export const MAX_LEAK_REPORTS = 1000;

/**
 * Sent by the gateway when a scanner whose signature is right found texts that may be keys. Contains the SHA-256,
 * never the key. Reporting a key again changes nothing.
 */
export const reportLeakedKeys = defineRequest({
  subject: 'rpc.auth.leaked-key.report',
  summary: 'End keys that were found in public, or mark them, and tell the owners',
  permission: 'internal',
  criticality: 'critical',
  input: z.strictObject({
    found: z
      .array(
        z.strictObject({
          /** Lower-case hex SHA-256 of the found text. */
          digest: z.string().regex(/^[0-9a-f]{64}$/),
          /** Where the text was found; empty when that is not said. */
          url: z.string().max(2000),
        }),
      )
      .max(MAX_LEAK_REPORTS),
  }),
  output: z.object({
    /** Those digests that belong to a key, valid or not. */
    known: z.array(z.string()),
  }),
  repeatable: true,
});
