import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import {
  APPLICATION_NOT_FOUND,
  AUTHORIZATION_NOT_FOUND,
  OTHER_PARTNERS_APPLICATION,
} from './application.errors.ts';
import { partnerSchema } from './auth.contracts.ts';

/** The name of one request of an application, as the provider gives it. */
const uid = z
  .string()
  .regex(/^[\w-]{10,64}$/)
  .meta({ examples: ['dYlw2QmCgYtKJ4Zr9mM9W'] });
/** The cookies that bind the request to the browser that began it. Filled in by the gateway. */
const cookies = z.string().max(8192).optional();

const askingApplication = z.object({ id: idSchema('application'), name: z.string() });

/** What an application asks a person for. */
export const authorizationSchema = z.object({
  object: z.literal('authorization'),
  uid,
  application: askingApplication,
  /** The partner that owns the application, and whose data it asks for. */
  partner: partnerSchema,
  /** The permissions that it asks for. */
  scopes: z.array(z.string()),
  /** Those of them that the person has: the application gets no others. */
  granted: z.array(z.string()),
  /** Whether the application learns the id of the person (the scope `openid`). */
  identity: z.boolean(),
  /** Whether the person has accepted all of it before. */
  remembered: z.boolean(),
  /** The host that the person is sent back to, or the scheme of an application on this device. */
  returns_to: z.string(),
});
authorizationSchema.register(NAMED_SCHEMAS, { id: 'Authorization' });

export const getAuthorization = defineRequest({
  subject: 'rpc.auth.authorization.get',
  summary: 'What an application asks you for, in the browser that it sent here',
  http: {
    method: 'GET',
    path: '/v1/authorizations/:uid',
    status: 200,
    filledMembers: ['cookies'],
  },
  permission: 'authorizations:write',
  input: z.strictObject({ uid, cookies }),
  output: authorizationSchema,
  errors: [AUTHORIZATION_NOT_FOUND, OTHER_PARTNERS_APPLICATION],
  repeatable: true,
});

export const decideAuthorization = defineRequest({
  subject: 'rpc.auth.authorization.decide',
  summary: 'Accept or refuse what an application asks for. Then open `redirect_to`',
  http: {
    method: 'POST',
    path: '/v1/authorizations/:uid/decision',
    status: 200,
    filledMembers: ['cookies'],
  },
  permission: 'authorizations:write',
  audit: { action: 'application.access_decided', object: 'output.application_id', shows: ['accept'] },
  input: z.strictObject({ uid, accept: z.boolean().meta({ examples: [true] }), cookies }),
  output: z.object({
    object: z.literal('authorization_decision'),
    application_id: idSchema('application'),
    accepted: z.boolean(),
    /** The next address for the browser, of this origin. */
    redirect_to: z.string(),
  }),
  errors: [AUTHORIZATION_NOT_FOUND, OTHER_PARTNERS_APPLICATION],
  repeatable: true,
});

/** That a person lets an application act for it. */
export const applicationAccessSchema = z.object({
  object: z.literal('application_access'),
  application: askingApplication,
  partner: partnerSchema,
  scopes: z.array(z.string()),
  first_accepted_at: timestampSchema,
  last_accepted_at: timestampSchema,
});
applicationAccessSchema.register(NAMED_SCHEMAS, { id: 'ApplicationAccess' });

export const listApplicationAccess = defineRequest({
  subject: 'rpc.auth.own-application.list',
  summary: 'The applications that may act for you, newest first, at most 100',
  http: { method: 'GET', path: '/v1/me/applications', status: 200 },
  permission: 'authorizations:read',
  input: z.strictObject({}),
  output: listOf(applicationAccessSchema),
  repeatable: true,
});

export const removeApplicationAccess = defineRequest({
  subject: 'rpc.auth.own-application.remove',
  summary: 'Remove the access of an application: its tokens for you are refused within a second',
  http: { method: 'DELETE', path: '/v1/me/applications/:id', status: 200 },
  permission: 'authorizations:write',
  audit: { action: 'application.access_removed', object: 'input.id' },
  criticality: 'critical',
  input: z.strictObject({ id: idSchema('application') }),
  output: z.object({
    object: z.literal('application_access'),
    id: idSchema('application'),
    removed: z.literal(true),
  }),
  errors: [APPLICATION_NOT_FOUND],
});
