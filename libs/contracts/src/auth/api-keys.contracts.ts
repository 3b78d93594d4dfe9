import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import {
  ABOVE_OWN_ROLE,
  API_KEY_ENDED,
  API_KEY_NOT_FOUND,
  API_KEY_NOT_ROTATABLE,
  API_KEY_TAKEN,
} from './auth.errors.ts';
import { keyLimitSchema, keyLimitsSchema } from './key-limits.ts';
import { keyNetworksSchema, keyScopesSchema, MAX_KEY_DAYS } from './key-scopes.ts';

export const apiKeySchema = z.object({
  object: z.literal('api_key'),
  id: idSchema('apiKey'),
  name: z.string(),
  mode: z.enum(['live', 'test']),
  /** `explorer`: made by the API explorer of the console, for one person and one hour. */
  purpose: z.enum(['program', 'explorer']),
  last4: z.string().length(4),
  /** Whether the key was made elsewhere, and taken over by its digest. */
  imported: z.boolean(),
  /** Id of the person who created the key. */
  created_by: z.string(),
  created_at: timestampSchema,
  /** What the key may do. Null: everything that keys may do, also what is added later. */
  scopes: z.array(z.string()).nullable(),
  /** The networks from which the key is accepted. Empty: from everywhere. */
  allowed_networks: z.array(z.string()),
  /** Limits of the key's own, beside those of every key. */
  limits: z.array(keyLimitSchema),
  /** When the key ends. Null for a key without an end. */
  expires_at: timestampSchema.nullable(),
  /** When another key replaced this one, which then works until `expires_at`. Null until then. */
  replaced_at: timestampSchema.nullable(),
  revoked_at: timestampSchema.nullable(),
  /** When the key was found in public. Null for a key that was not. */
  leaked_at: timestampSchema.nullable(),
});
apiKeySchema.register(NAMED_SCHEMAS, { id: 'ApiKey' });

/** The recent use of a key, as billing has counted it. */
export const keyUseSchema = z.object({
  /** First of the 30 days, UTC. */
  from: z.iso.date(),
  /** Calls of each of 30 days, the last one being today, UTC. */
  days: z.array(z.number().int()).length(30),
  total: z.number().int(),
  /** When the counts were read. A call is counted a moment after its response. */
  observed_at: timestampSchema,
});
keyUseSchema.register(NAMED_SCHEMAS, { id: 'KeyUse' });

/** An API key as a list shows it. */
export const apiKeyInUseSchema = apiKeySchema.extend({
  /** The newest call that was counted. Null for a key that was never used, and while `calls` is null. */
  last_used_at: timestampSchema.nullable(),
  /** Null while billing, which counts, does not respond. */
  calls: keyUseSchema.nullable(),
});
apiKeyInUseSchema.register(NAMED_SCHEMAS, { id: 'ApiKeyInUse' });

/** The end of a key, as a caller gives it: a time, or in days from now. `null`: no end. */
const expiry = {
  expires_at: timestampSchema
    .nullable()
    .optional()
    .describe('When the key ends, in the future. Null: it has no end.'),
  expires_in_days: z
    .number()
    .int()
    .min(1)
    .max(MAX_KEY_DAYS)
    .optional()
    .describe('The same, in days from now, instead of `expires_at`.'),
};
const oneExpiry = {
  check: (key: { expires_at?: string | null | undefined; expires_in_days?: number | undefined }) =>
    key.expires_at === undefined || key.expires_in_days === undefined,
  message: {
    message: 'give expires_at or expires_in_days, not both',
    path: ['expires_in_days'] as PropertyKey[],
  },
} as const;

export const createApiKey = defineRequest({
  subject: 'rpc.auth.api-key.create',
  summary: 'Make an API key. The key itself is shown only in this response',
  http: { method: 'POST', path: '/v1/api-keys', status: 201, idempotent: true },
  permission: 'api-keys:write',
  audit: {
    action: 'api_key.created',
    object: 'output.id',
    shows: ['name', 'mode', 'scopes', 'expires_at', 'expires_in_days', 'allowed_networks', 'limits'],
  },
  input: z
    .strictObject({
      name: storedText(120).default('default'),
      mode: z.enum(['live', 'test']).default('test'),
      scopes: keyScopesSchema
        .optional()
        .describe('What the key may do. Default: everything that you may do and a key may hold.'),
      ...expiry,
      allowed_networks: keyNetworksSchema
        .default([])
        .describe('The networks from which the key is accepted. Default: from everywhere.'),
      limits: keyLimitsSchema
        .default([])
        .describe('Limits of the key itself, lower than those of every key. Default: none.'),
    })
    .refine(oneExpiry.check, oneExpiry.message),
  output: apiKeySchema.extend({ key: z.string() }),
  errors: [ABOVE_OWN_ROLE],
});

/** How many keys one request imports at most. */
export const MAX_IMPORTED_KEYS = 1000;

export const importApiKeys = defineRequest({
  subject: 'rpc.auth.api-key.import',
  summary:
    'Take over keys that your programs use already, by their SHA-256: the keys themselves stay with you. All of the list, or none',
  http: {
    method: 'POST',
    path: '/v1/api-keys/import',
    status: 201,
    idempotent: true,
    deadlineMs: 10_000,
    bodyLimitBytes: 768 << 10,
    memberLimit: 40_000,
  },
  permission: 'api-keys:write',
  audit: { action: 'api_key.imported', object: 'caller' },
  input: z.strictObject({
    keys: z
      .array(
        z
          .strictObject({
            name: storedText(120),
            digest: z
              .string()
              .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits')
              .meta({ examples: ['a'.repeat(64)] })
              .describe(
                'Lower-case hex SHA-256 of the whole key. The key has 4 to 512 visible ASCII characters, and does not begin with `pp_live_`, `pp_test_`, `pp_scim_` or `ses_`.',
              ),
            last4: z
              .string()
              .regex(/^[\x21-\x7e]{4}$/, 'expected the last four characters of the key')
              .meta({ examples: ['x9f2'] })
              .describe('The last four characters of the key, by which people tell it from others.'),
            mode: z.enum(['live', 'test']),
            scopes: keyScopesSchema.optional(),
            ...expiry,
            allowed_networks: keyNetworksSchema.default([]),
            limits: keyLimitsSchema.default([]),
          })
          .refine(oneExpiry.check, oneExpiry.message),
      )
      .min(1)
      .max(MAX_IMPORTED_KEYS)
      .refine((keys) => new Set(keys.map(({ digest }) => digest)).size === keys.length, 'names a key twice')
      .meta({ examples: [[{ name: 'Billing job', digest: 'a'.repeat(64), last4: 'x9f2', mode: 'live' }]] }),
  }),
  output: z.object({
    object: z.literal('api_key_import'),
    imported: z.number().int(),
    /** In the order of the list. */
    api_key_ids: z.array(idSchema('apiKey')),
  }),
  errors: [API_KEY_TAKEN, ABOVE_OWN_ROLE],
});

export const listApiKeys = defineRequest({
  subject: 'rpc.auth.api-key.list',
  summary: 'List the API keys of the partner',
  http: { method: 'GET', path: '/v1/api-keys', status: 200 },
  permission: 'api-keys:read',
  input: z
    .strictObject({
      ...listQuery(idSchema('apiKey')),
      mode: z.enum(['live', 'test']).optional(),
      status: z.enum(['active', 'expired', 'revoked']).optional(),
      purpose: z.enum(['program', 'explorer']).optional(),
    })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(apiKeyInUseSchema),
  repeatable: true,
});

export const getApiKey = defineRequest({
  subject: 'rpc.auth.api-key.get',
  summary: 'Read an API key: its name and state, never the key itself',
  http: { method: 'GET', path: '/v1/api-keys/:id', status: 200 },
  permission: 'api-keys:read',
  input: z.strictObject({ id: idSchema('apiKey') }),
  output: apiKeyInUseSchema,
  errors: [API_KEY_NOT_FOUND],
  repeatable: true,
});

/** What is left out stays. */
export const updateApiKey = defineRequest({
  subject: 'rpc.auth.api-key.update',
  summary:
    'Change the name, scopes, end, networks or limits of an API key. They hold within a second, at every instance of the gateway',
  http: { method: 'PATCH', path: '/v1/api-keys/:id', status: 200 },
  permission: 'api-keys:write',
  audit: {
    action: 'api_key.changed',
    object: 'input.id',
    shows: ['name', 'scopes', 'expires_at', 'expires_in_days', 'allowed_networks', 'limits'],
  },
  input: z
    .strictObject({
      id: idSchema('apiKey'),
      name: storedText(120)
        .optional()
        .meta({ examples: ['Production'] }),
      scopes: keyScopesSchema.optional(),
      ...expiry,
      allowed_networks: keyNetworksSchema.optional(),
      limits: keyLimitsSchema.optional(),
    })
    .refine(oneExpiry.check, oneExpiry.message),
  output: apiKeySchema,
  errors: [API_KEY_NOT_FOUND, API_KEY_ENDED, API_KEY_NOT_ROTATABLE, ABOVE_OWN_ROLE],
  repeatable: true,
});

export const revokeApiKey = defineRequest({
  subject: 'rpc.auth.api-key.revoke',
  summary: 'Revoke an API key, at once and for good',
  http: { method: 'DELETE', path: '/v1/api-keys/:id', status: 200 },
  permission: 'api-keys:revoke',
  audit: { action: 'api_key.revoked', object: 'input.id' },
  criticality: 'critical',
  input: z.strictObject({ id: idSchema('apiKey') }),
  output: apiKeySchema,
  errors: [API_KEY_NOT_FOUND],
  repeatable: true,
});

/** For how long a replaced key stays valid, in seconds: not at all, an hour, a day, a week. */
export const KEY_OVERLAPS_S = [0, 3600, 86_400, 604_800] as const;

export const rotateApiKey = defineRequest({
  subject: 'rpc.auth.api-key.rotate',
  summary:
    'Replace an API key by a new one of the same name, mode, scopes, networks and limits, shown only in this response; the old one ends after the overlap',
  http: { method: 'POST', path: '/v1/api-keys/:id/rotate', status: 201, idempotent: true },
  permission: 'api-keys:write',
  audit: { action: 'api_key.rotated', object: 'input.id', shows: ['overlap_seconds'] },
  input: z.strictObject({
    id: idSchema('apiKey'),
    overlap_seconds: z.literal(KEY_OVERLAPS_S).default(0),
  }),
  output: z.object({
    object: z.literal('api_key_rotation'),
    /** The new key. */
    api_key: apiKeySchema.extend({ key: z.string() }),
    /** The old key: with `expires_at`, or revoked when there is no overlap. */
    replaced: apiKeySchema,
  }),
  errors: [API_KEY_NOT_FOUND, API_KEY_ENDED, API_KEY_NOT_ROTATABLE, ABOVE_OWN_ROLE],
});
