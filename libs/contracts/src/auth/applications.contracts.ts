import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { type Permission, ruleOf } from '../contract/permissions.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { isStorableText, NOT_STORABLE, storedText } from '../values/text.ts';
import { KEY_OVERLAPS_S } from './api-keys.contracts.ts';
import {
  APPLICATION_ENDED,
  APPLICATION_NOT_FOUND,
  APPLICATION_WITHOUT_SECRET,
  TOO_MANY_APPLICATIONS,
} from './application.errors.ts';
import { ABOVE_OWN_ROLE } from './auth.errors.ts';
import { KEY_SCOPES } from './key-scopes.ts';
import { isRedirectUri, MAX_REDIRECT_URIS } from './redirect-uri.ts';

/**
 * What an application is. `service`: a machine of the partner with no person, a *service account*. `web`: it runs on a
 * server of the partner, which keeps its secret. `native`: it runs on the devices of its users, who could read a secret.
 */
export const APPLICATION_KINDS = ['service', 'web', 'native'] as const;
export type ApplicationKind = (typeof APPLICATION_KINDS)[number];

/** How many applications that are not revoked a partner has at most. */
export const MAX_APPLICATIONS = 100;

export const applicationSchema = z.object({
  object: z.literal('application'),
  /** Also the `client_id` of OAuth. */
  id: idSchema('application'),
  name: z.string(),
  kind: z.enum(APPLICATION_KINDS),
  /** Where a person is sent back to. Empty for a service account. */
  redirect_uris: z.array(z.string()),
  /** What its tokens may do at most. */
  scopes: z.array(z.string()),
  /** The last characters of the secret; null for an application without one. */
  secret_last4: z.string().length(4).nullable(),
  /** Until when the secret before works, too. Null when there is none. */
  old_secret_expires_at: timestampSchema.nullable(),
  /** The person who made it. It belongs to the partner, and stays when that person leaves. */
  created_by: z.string(),
  created_at: timestampSchema,
  /** When it last got a token, accurate to a minute. Null for never. */
  last_used_at: timestampSchema.nullable(),
  revoked_at: timestampSchema.nullable(),
});
applicationSchema.register(NAMED_SCHEMAS, { id: 'Application' });

/** The secret itself is in the response to the call that made it, and nowhere else. */
const withSecret = applicationSchema.extend({
  /** Null for an application on the devices of its users. */
  client_secret: z.string().nullable(),
});

const scopes = z
  .array(z.enum(KEY_SCOPES as [Permission, ...Permission[]]))
  .min(1)
  .max(KEY_SCOPES.length)
  .refine((names) => new Set(names).size === names.length, 'names a scope twice')
  .meta({ examples: [['usage:read', 'tickets:read']] });

export const createApplication = defineRequest({
  subject: 'rpc.auth.application.create',
  summary: 'Make a service account or an application for OAuth. Its secret is shown only in this response',
  http: { method: 'POST', path: '/v1/applications', status: 201, idempotent: true },
  permission: 'applications:write',
  audit: {
    action: 'application.created',
    object: 'output.id',
    shows: ['name', 'kind', 'scopes', 'redirect_uris'],
  },
  input: z
    .strictObject({
      name: storedText(120).meta({ examples: ['Nightly import'] }),
      kind: z.enum(APPLICATION_KINDS).default('service'),
      scopes,
      redirect_uris: z
        .array(
          z
            .string()
            .max(2000)
            .refine(isStorableText, NOT_STORABLE)
            .meta({ examples: ['https://app.example.com/callback'] }),
        )
        .max(MAX_REDIRECT_URIS)
        .default([])
        .describe(
          'Where a person is sent back to, compared character by character. `web`: https, or http on this machine. ' +
            '`native`: http on 127.0.0.1 or [::1] with any port (RFC 8252), https, or a scheme like com.example.app. Empty for a service account.',
        ),
    })
    .superRefine(({ kind, redirect_uris: uris, scopes: named }, context) => {
      for (const [index, scope] of named.entries())
        if (kind !== 'service' && ruleOf(scope).personal)
          context.addIssue({
            code: 'custom',
            message: 'is about a person alone: only a service account may have it',
            path: ['scopes', index],
          });
      const refuse = (message: string, ...path: PropertyKey[]) =>
        context.addIssue({ code: 'custom', message, path: ['redirect_uris', ...path] });
      if (kind === 'service' && uris.length > 0) refuse('a service account has no person to send back');
      if (kind !== 'service' && uris.length === 0) refuse('expected at least one address');
      if (new Set(uris).size !== uris.length) refuse('names an address twice');
      for (const [index, uri] of uris.entries())
        if (kind !== 'service' && !isRedirectUri(uri, kind))
          refuse('is no address that this kind of application may use', index);
    }),
  output: withSecret,
  errors: [ABOVE_OWN_ROLE, TOO_MANY_APPLICATIONS],
});

export const listApplications = defineRequest({
  subject: 'rpc.auth.application.list',
  summary: 'List the service accounts and applications of the partner',
  http: { method: 'GET', path: '/v1/applications', status: 200 },
  permission: 'applications:read',
  input: z
    .strictObject({
      ...listQuery(idSchema('application')),
      kind: z.enum(APPLICATION_KINDS).optional(),
      status: z.enum(['active', 'revoked']).optional(),
    })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(applicationSchema),
  repeatable: true,
});

export const getApplication = defineRequest({
  subject: 'rpc.auth.application.get',
  summary: 'Read an application: its name and state, never its secret',
  http: { method: 'GET', path: '/v1/applications/:id', status: 200 },
  permission: 'applications:read',
  input: z.strictObject({ id: idSchema('application') }),
  output: applicationSchema,
  errors: [APPLICATION_NOT_FOUND],
  repeatable: true,
});

export const rotateApplicationSecret = defineRequest({
  subject: 'rpc.auth.application.rotate-secret',
  summary:
    'Give an application another secret, shown only in this response; the old one works until the overlap is over',
  http: { method: 'POST', path: '/v1/applications/:id/secret', status: 201, idempotent: true },
  permission: 'applications:write',
  audit: { action: 'application.secret_rotated', object: 'input.id', shows: ['overlap_seconds'] },
  input: z.strictObject({
    id: idSchema('application'),
    overlap_seconds: z.literal(KEY_OVERLAPS_S).default(0),
  }),
  output: withSecret,
  errors: [APPLICATION_NOT_FOUND, APPLICATION_ENDED, APPLICATION_WITHOUT_SECRET, ABOVE_OWN_ROLE],
});

export const revokeApplication = defineRequest({
  subject: 'rpc.auth.application.revoke',
  summary: 'Revoke an application for good: its tokens are refused within a second, at every gateway',
  http: { method: 'DELETE', path: '/v1/applications/:id', status: 200 },
  permission: 'applications:write',
  audit: { action: 'application.revoked', object: 'input.id' },
  criticality: 'critical',
  input: z.strictObject({ id: idSchema('application') }),
  output: applicationSchema,
  errors: [APPLICATION_NOT_FOUND],
  repeatable: true,
});
