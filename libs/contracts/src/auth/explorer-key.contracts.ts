import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { apiKeySchema } from './api-keys.contracts.ts';

/** How long a key of the API explorer works, in seconds. */
export const EXPLORER_KEY_LIFETIME_S = 3600;
/** How many such keys of one person work at once. One more revokes the oldest. */
export const EXPLORER_KEYS_PER_PERSON = 3;

export const createExplorerKey = defineRequest({
  subject: 'rpc.auth.explorer-key.create',
  summary:
    'Make a test key for the API explorer that ends after an hour, shown only in this response. A person has three at most: one more revokes the oldest',
  http: { method: 'POST', path: '/v1/explorer-keys', status: 201, idempotent: true },
  permission: 'explorer-keys:write',
  audit: { action: 'explorer_key.created', object: 'output.id' },
  input: z.strictObject({}),
  output: apiKeySchema.extend({ key: z.string() }),
});
