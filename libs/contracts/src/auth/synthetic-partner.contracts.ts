import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';

/**
 * Sent by monitor, which calls the portal as this partner. Ends the sessions and keys of an earlier monitor, so that
 * no secret of the partner is stored anywhere: the password lives in the memory of monitor alone.
 */
export const ensureSyntheticPartner = defineRequest({
  subject: 'rpc.auth.synthetic-partner.ensure',
  summary: 'Make the synthetic partner with its owner, or give the owner another password',
  permission: 'internal',
  callers: ['monitor'],
  input: z.strictObject({ password: z.string().min(32).max(256) }),
  /** The address to log in with. */
  output: z.object({ email: z.string() }),
  repeatable: true,
});
