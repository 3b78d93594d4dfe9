import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { isWellFormed, NOT_WELL_FORMED, storedText } from '../values/text.ts';
import { clientIpSchema } from './account-texts.ts';
import { browserSessionSchema } from './auth.contracts.ts';
import { EMAIL_TAKEN, PARTNER_SUSPENDED, TOO_MANY_LOGINS, TOO_MANY_REGISTRATIONS } from './auth.errors.ts';
import {
  ADDRESS_UNVERIFIED,
  ATTEMPT_ENDED,
  IDENTITY_NOT_FOUND,
  IDENTITY_TAKEN,
  LINK_REQUIRED,
  PROVIDER_NOT_FOUND,
  PROVIDER_REFUSED,
  PROVIDER_UNAVAILABLE,
} from './external-log-in.errors.ts';
import { SECOND_FACTOR_REQUIRED, TOO_FEW_WAYS } from './second-factor.errors.ts';
import { SSO_NOT_FOUND, SSO_REFUSED, SSO_REQUIRED } from './sso.errors.ts';

/** The provider is asked within these requests, and may be slow. */
const DEADLINE_MS = 10_000;

const user_agent = z.string().max(300).optional();
const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .optional();

/** The name of a log-in provider in the configuration: `google`. */
export const providerIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected lower-case letters, digits and hyphens')
  .meta({ examples: ['google'] });
export const PROVIDER_KINDS = ['google', 'github', 'oidc'] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** Somebody else's log-in that the portal accepts from everybody. */
export const logInProviderSchema = z.object({
  object: z.literal('log_in_provider'),
  id: providerIdSchema,
  kind: z.enum(PROVIDER_KINDS),
  /** As buttons show it: `Google`. */
  name: z.string(),
});
logInProviderSchema.register(NAMED_SCHEMAS, { id: 'LogInProvider' });

/** What an attempt is for; the first three letters of its state. */
export const ATTEMPT_PREFIXES = { log_in: 'lia', link: 'lnk', prove: 'prv', test: 'tst' } as const;
export type AttemptPurpose = keyof typeof ATTEMPT_PREFIXES;
/** The `state` of an attempt (RFC 6749, section 10.12): 43 random base62 characters after its purpose. */
export const attemptStateSchema = z
  .string()
  .regex(/^(lia|lnk|prv|tst)_[0-9A-Za-z]{43}$/, 'expected the state of the address that the provider opened')
  .meta({ examples: [`lia_${'0UQ3kZ1aB7dEfGhIjKlMnO'.repeat(2).slice(0, 43)}`] });

/** A path of the console. Never another host: `//`, `/\` and full addresses are refused. */
export const returnPathSchema = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[^\\\p{Cc}]*$/u, 'expected a path of the console, such as /home')
  .refine(isWellFormed, NOT_WELL_FORMED)
  .meta({ examples: ['/home'] });

const wellFormed = (most: number) => z.string().max(most).refine(isWellFormed, NOT_WELL_FORMED);
/** What the provider has put into the address of the callback page (RFC 6749, 4.1.2; RFC 9207). */
export const providerAnswer = {
  state: attemptStateSchema,
  code: wellFormed(4096).optional(),
  iss: wellFormed(500).optional(),
  error: wellFormed(200).optional(),
} as const;

export const logInAttemptSchema = z.object({
  object: z.literal('log_in_attempt'),
  /** Where the browser goes next: the log-in page of the provider. */
  authorization_url: z.string(),
  expires_at: timestampSchema,
});
logInAttemptSchema.register(NAMED_SCHEMAS, { id: 'LogInAttempt' });

/** Members that the gateway fills when an attempt begins: which browser it is, and where its pages are. */
export const BEGUN_BY = { browser_digest: digest, origin: z.string().max(300).optional() } as const;
export const FILLED_AT_BEGIN = ['browser_digest', 'origin'] as const;

export const listLogInProviders = defineRequest({
  subject: 'rpc.auth.log-in-provider.list',
  summary: 'The log-in providers that you can use beside a password',
  http: { method: 'GET', path: '/v1/log-in/providers', status: 200 },
  permission: 'public',
  input: z.strictObject({}),
  output: listOf(logInProviderSchema),
  repeatable: true,
});

export const createLogInAttempt = defineRequest({
  subject: 'rpc.auth.log-in-attempt.create',
  summary:
    'Begin to log in with a provider: where the browser goes next. Valid for ten minutes, in this browser',
  http: {
    ...{ method: 'POST', path: '/v1/log-in/attempts', status: 201, deadlineMs: DEADLINE_MS },
    ...{ addressMember: 'client_ip', filledMembers: FILLED_AT_BEGIN },
  },
  permission: 'public',
  audit: { none: 'nobody is logged in by it' },
  criticality: 'critical',
  input: z.strictObject({
    provider: providerIdSchema,
    /** Where the console goes on after the log-in. */
    return_to: returnPathSchema.optional(),
    client_ip: clientIpSchema,
    ...BEGUN_BY,
  }),
  output: logInAttemptSchema,
  errors: [PROVIDER_NOT_FOUND, PROVIDER_UNAVAILABLE, TOO_MANY_LOGINS],
});

/** What a sign-up with a provider begins with: `rpc.auth.log-in-attempt.register` makes the account. */
export const externalSignUpSchema = z.object({
  email: z.string(),
  /** The name of the person at the provider. */
  name: z.string().nullable(),
  provider_name: z.string(),
  expires_at: timestampSchema,
});
externalSignUpSchema.register(NAMED_SCHEMAS, { id: 'ExternalSignUp' });

/** How a log-in at a provider ended: with a session, or, where the address has no account, with what a sign-up needs. */
export const completedLogInSchema = z.object({
  object: z.literal('completed_log_in'),
  /** The secret of the session is in a cookie. */
  session: browserSessionSchema.nullable(),
  sign_up: externalSignUpSchema.nullable(),
  /** Where the console goes on. */
  return_to: z.string().nullable(),
});
completedLogInSchema.register(NAMED_SCHEMAS, { id: 'CompletedLogIn' });

const BEGUN_FACE = {
  method: 'POST',
  status: 201,
  addressMember: 'client_ip',
  userAgentMember: 'user_agent',
  filledMembers: ['browser_digest', 'session_digest'],
} as const;
const begunBy = { client_ip: clientIpSchema, user_agent, browser_digest: digest, session_digest: digest };

export const completeLogInAttempt = defineRequest({
  subject: 'rpc.auth.log-in-attempt.complete',
  summary:
    'Complete a log-in with what the provider put into the address. The session is in a cookie; without an account the response says what a sign-up needs',
  http: { ...BEGUN_FACE, path: '/v1/log-in/attempts/complete', deadlineMs: DEADLINE_MS },
  permission: 'public',
  audit: { action: 'session.created', object: 'output.session.id' },
  criticality: 'critical',
  input: z.strictObject({ ...providerAnswer, ...begunBy }),
  output: completedLogInSchema,
  errors: [
    ...[ATTEMPT_ENDED, PROVIDER_REFUSED, PROVIDER_UNAVAILABLE, PROVIDER_NOT_FOUND, ADDRESS_UNVERIFIED],
    ...[LINK_REQUIRED, SECOND_FACTOR_REQUIRED, PARTNER_SUSPENDED, SSO_REQUIRED, SSO_REFUSED, SSO_NOT_FOUND],
  ],
});

export const registerByLogInAttempt = defineRequest({
  subject: 'rpc.auth.log-in-attempt.register',
  summary:
    'Register a partner with an owner who logs in with the provider. Needs an attempt that ended with `sign_up`',
  http: { ...BEGUN_FACE, path: '/v1/log-in/attempts/register' },
  permission: 'public',
  audit: { action: 'partner.registered', object: 'output.session.partner.id', shows: ['name'] },
  input: z.strictObject({
    state: attemptStateSchema,
    name: storedText(120).meta({ examples: ['Ada Energy'] }),
    ...begunBy,
  }),
  output: completedLogInSchema,
  errors: [ATTEMPT_ENDED, EMAIL_TAKEN, IDENTITY_TAKEN, TOO_MANY_REGISTRATIONS],
});

/** A log-in at a provider that belongs to an account here. */
export const externalIdentitySchema = z.object({
  object: z.literal('external_identity'),
  id: idSchema('externalIdentity'),
  provider: providerIdSchema,
  provider_name: z.string(),
  /** The address at the provider, as it was at the last log-in. */
  email: z.string().nullable(),
  linked_at: timestampSchema,
  last_used_at: timestampSchema.nullable(),
});
externalIdentitySchema.register(NAMED_SCHEMAS, { id: 'ExternalIdentity' });

export const listExternalIdentities = defineRequest({
  subject: 'rpc.auth.external-identity.list',
  summary: 'The log-ins at providers that belong to your account',
  http: { method: 'GET', path: '/v1/me/external-identities', status: 200 },
  permission: 'second-factors:read',
  input: z.strictObject({}),
  output: listOf(externalIdentitySchema),
  repeatable: true,
});

export const beginExternalIdentity = defineRequest({
  subject: 'rpc.auth.external-identity.begin',
  summary: 'Begin to add a log-in at a provider to your account: where the browser goes next',
  http: {
    ...{ method: 'POST', path: '/v1/me/external-identities/attempts', status: 201 },
    ...{ deadlineMs: DEADLINE_MS, filledMembers: FILLED_AT_BEGIN },
  },
  permission: 'second-factors:write',
  audit: { none: 'nothing is added by it' },
  input: z.strictObject({ provider: providerIdSchema, ...BEGUN_BY }),
  output: logInAttemptSchema,
  errors: [PROVIDER_NOT_FOUND, PROVIDER_UNAVAILABLE],
});

export const linkExternalIdentity = defineRequest({
  subject: 'rpc.auth.external-identity.link',
  summary: 'Add the log-in at the provider to your account. Both addresses may differ',
  http: {
    ...{ method: 'POST', path: '/v1/me/external-identities', status: 201 },
    ...{ deadlineMs: DEADLINE_MS, filledMembers: ['browser_digest'] },
  },
  permission: 'second-factors:write',
  audit: { action: 'external_identity.linked', object: 'output.id' },
  input: z.strictObject({ ...providerAnswer, browser_digest: digest }),
  output: externalIdentitySchema,
  errors: [ATTEMPT_ENDED, PROVIDER_REFUSED, PROVIDER_UNAVAILABLE, PROVIDER_NOT_FOUND, IDENTITY_TAKEN],
});

export const removeExternalIdentity = defineRequest({
  subject: 'rpc.auth.external-identity.remove',
  summary:
    'Remove a log-in at a provider from your account. An account without a password keeps two ways to log in',
  http: { method: 'DELETE', path: '/v1/me/external-identities/:id', status: 200 },
  permission: 'second-factors:write',
  audit: { action: 'external_identity.removed', object: 'input.id' },
  input: z.strictObject({ id: idSchema('externalIdentity') }),
  output: z.object({
    object: z.literal('removed_external_identity'),
    id: idSchema('externalIdentity'),
    removed_at: timestampSchema,
  }),
  errors: [IDENTITY_NOT_FOUND, TOO_FEW_WAYS],
});

export const beginExternalProof = defineRequest({
  subject: 'rpc.auth.external-proof.begin',
  summary:
    'Begin to prove again who you are, with a log-in at a provider that belongs to your account: where the browser goes next',
  http: {
    ...{ method: 'POST', path: '/v1/step-ups/attempts', status: 201 },
    ...{ deadlineMs: DEADLINE_MS, filledMembers: FILLED_AT_BEGIN },
  },
  permission: 'sessions:step-up',
  audit: { none: 'nothing is proved by it' },
  input: z.strictObject({ provider: providerIdSchema, ...BEGUN_BY }),
  output: logInAttemptSchema,
  errors: [PROVIDER_NOT_FOUND, PROVIDER_UNAVAILABLE, IDENTITY_NOT_FOUND],
});

export const completeExternalProof = defineRequest({
  subject: 'rpc.auth.external-proof.complete',
  summary: 'Prove again who you are with what the provider put into the address, for ten minutes',
  http: {
    ...{ method: 'POST', path: '/v1/step-ups/external', status: 201 },
    ...{ deadlineMs: DEADLINE_MS, filledMembers: ['browser_digest'] },
  },
  permission: 'sessions:step-up',
  audit: { action: 'session.proved', object: 'credential' },
  input: z.strictObject({ ...providerAnswer, browser_digest: digest }),
  output: z.object({
    object: z.literal('step_up'),
    authenticated_at: timestampSchema,
    /** Until then the session may do what needs a fresh proof. */
    fresh_until: timestampSchema,
  }),
  errors: [ATTEMPT_ENDED, PROVIDER_REFUSED, PROVIDER_UNAVAILABLE, PROVIDER_NOT_FOUND, IDENTITY_NOT_FOUND],
});
