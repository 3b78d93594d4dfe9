import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';

/** The largest body that the addresses of OAuth accept, in bytes. */
export const MAX_OAUTH_BODY_BYTES = 48 << 10;

const text = z.string().max(8192);

/**
 * One exchange with the OAuth provider of auth, as it came by HTTP. Sent by the gateway, so that deadlines, breakers and
 * the replacement of instances hold for OAuth as for every other request; any instance responds.
 */
export const exchangeOAuth = defineRequest({
  subject: 'rpc.auth.oauth.exchange',
  summary: 'Pass one HTTP exchange on to the OAuth provider',
  permission: 'internal',
  criticality: 'critical',
  input: z.strictObject({
    method: z.enum(['GET', 'POST']),
    /** Path and query, as the caller sent them. */
    path: z.string().max(16_384).startsWith('/'),
    /** The headers that the provider reads. */
    headers: z.strictObject({
      accept: text.optional(),
      authorization: text.optional(),
      'content-type': text.optional(),
      cookie: text.optional(),
    }),
    /** The body as text in latin1: one character a byte. */
    body: z.string().max(MAX_OAUTH_BODY_BYTES),
  }),
  output: z.object({
    status: z.number().int(),
    headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    body: z.string(),
  }),
});

/**
 * Gateways verify these access tokens anew at their next call: all of the application; all of one person through it; all of
 * one person through any application; or the one token with this digest. What is null is not looked at.
 */
export const accessTokensChanged = defineEvent({
  subject: 'event.auth.access-tokens.changed',
  summary: 'Access tokens ended, or may do more or less than before',
  payload: z.object({
    application_id: idSchema('application').nullable(),
    user_id: idSchema('user').nullable(),
    /** Lower-case hex SHA-256 of the whole token. */
    digest: z.string().nullable(),
  }),
  listeners: ['gateway'],
});

/** A key that signs access tokens, by its public half. */
export const signingKeySchema = z.object({
  object: z.literal('signing_key'),
  /** The `kid` of its tokens and of the JWKS. */
  id: z.string(),
  created_at: timestampSchema,
  /** From when on it signs. It is published before. */
  activates_at: timestampSchema,
  /** When the last token that it signed has ended, and it leaves the JWKS. Null for the newest key. */
  retires_at: timestampSchema.nullable(),
});
signingKeySchema.register(NAMED_SCHEMAS, { id: 'SigningKey' });

export const rotateSigningKeys = defineRequest({
  subject: 'rpc.auth.signing-key.rotate',
  summary:
    'Make another key for access tokens: it is published now and signs ten minutes later; the old one is published until its last token has ended',
  http: { method: 'POST', path: '/v1/admin/signing-keys', status: 201, idempotent: true },
  permission: 'signing-keys:write',
  audit: { action: 'signing_key.rotated', object: 'output.id' },
  input: z.strictObject({}),
  output: signingKeySchema,
});
