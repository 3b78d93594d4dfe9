import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract/define-contract.ts';
import { listOf } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { PLATFORM_ROLES, PRINCIPAL_ROLES } from '../contract/permissions.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import { emailSchema, givenPasswordSchema, newPasswordSchema } from './account-texts.ts';
import {
  CREDENTIAL_REFUSED,
  EMAIL_TAKEN,
  LOGIN_REFUSED,
  MEMBER_NOT_FOUND,
  NOT_A_BROWSER,
  PARTNER_SUSPENDED,
  PASSWORD_BREACHED,
  SESSION_NOT_FOUND,
  TOO_MANY_LOGINS,
  TOO_MANY_REGISTRATIONS,
} from './auth.errors.ts';
import { CREDENTIAL_KINDS, MAX_ACCESS_TOKEN_LENGTH } from './credential.ts';
import { keyLimitSchema } from './key-limits.ts';
import { principalSchema } from './principal.ts';
import { SECOND_FACTOR_REQUIRED } from './second-factor.errors.ts';
import { SSO_REQUIRED } from './sso.errors.ts';

export const partnerSchema = z.object({
  object: z.literal('partner'),
  id: idSchema('partner'),
  name: z.string(),
  created_at: timestampSchema,
});
partnerSchema.register(NAMED_SCHEMAS, { id: 'Partner' });
export const userSchema = z.object({
  object: z.literal('user'),
  id: idSchema('user'),
  email: z.string(),
  /** When the person showed to read the mail of this address; null until then. */
  email_confirmed_at: timestampSchema.nullable(),
  /** The role of a person of GridWorks; null for everyone else. */
  platform_role: z.enum(PLATFORM_ROLES).nullable(),
  /** The name that the person chose; null until then. */
  name: z.string().nullable(),
  /** How the console shows words, times and colours; null: the settings of the browser. */
  locale: z.string().nullable(),
  zone: z.string().nullable(),
  theme: z.enum(['light', 'dark', 'system']).nullable(),
  created_at: timestampSchema,
});
userSchema.register(NAMED_SCHEMAS, { id: 'User' });
/** The partner that a session acts for, and what its person is there. */
const actingSchema = z.object({
  /** Null for people of GridWorks and for a person who belongs to no partner. */
  partner: partnerSchema.nullable(),
  role: z.enum(PRINCIPAL_ROLES),
  /** What a person with a role of the partner's own may do; null for every other role. */
  permissions: z.array(z.string()).nullable(),
});
/** The partner that a new session acts for. */
export const actsFor = idSchema('partner')
  .optional()
  .describe('The partner to act for, for a person of several. Default: the one of the last session.');
export const sessionSchema = z.object({
  object: z.literal('session'),
  id: idSchema('session'),
  /** Shown once. Send it as `Authorization: Bearer <token>`. */
  token: z.string(),
  expires_at: timestampSchema,
  ...actingSchema.shape,
  user: userSchema,
});
sessionSchema.register(NAMED_SCHEMAS, { id: 'Session' });

/** A session of a browser. Its secret is in a cookie that no script can read, and in no response. */
export const browserSessionSchema = z.object({
  object: z.literal('browser_session'),
  id: idSchema('session'),
  created_at: timestampSchema,
  /** When the session ends without use. Each use moves this time, at most to `ends_at`. */
  expires_at: timestampSchema,
  /** When it ends in any case. */
  ends_at: timestampSchema,
  /** Send it as `CSRF-Token` with everything but GET. It stays the same as long as the session lives. */
  csrf_token: z.string(),
  ...actingSchema.shape,
  user: userSchema,
  /** Only in a session of a person of GridWorks who acts in the name of the partner. */
  impersonation: z
    .object({ access: z.enum(['read', 'write']), reason: z.string(), expires_at: timestampSchema })
    .optional(),
  /** Only in a session of single sign-on. */
  sso: z.object({ connection_id: idSchema('ssoConnection'), name: z.string() }).optional(),
});
browserSessionSchema.register(NAMED_SCHEMAS, { id: 'BrowserSession' });
/** A session as its user sees it in a list. */
export const activeSessionSchema = z.object({
  object: z.literal('active_session'),
  id: idSchema('session'),
  /** `browser`: by cookie. `token`: by bearer token. */
  kind: z.enum(['browser', 'token']),
  created_at: timestampSchema,
  /** Accurate to a minute or two. */
  last_used_at: timestampSchema,
  expires_at: timestampSchema,
  /** The `User-Agent` of the log-in, as the browser sent it. */
  user_agent: z.string().nullable(),
  /** The network of the log-in: `198.51.100.0/24`, or the /48 of an IPv6 address. */
  network: z.string().nullable(),
  /** Whether it is the session of this call. */
  current: z.boolean(),
});
activeSessionSchema.register(NAMED_SCHEMAS, { id: 'ActiveSession' });
export const registerPartner = defineRequest({
  subject: 'rpc.auth.partner.register',
  summary: 'Register a partner together with its owner',
  http: {
    method: 'POST',
    path: '/v1/partners',
    status: 201,
    idempotent: true,
    addressMember: 'client_ip',
  },
  permission: 'public',
  audit: { action: 'partner.registered', object: 'output.partner.id', shows: ['name'] },
  input: z.strictObject({
    name: storedText(120).meta({ examples: ['Ada Energy'] }),
    email: emailSchema,
    password: newPasswordSchema,
    /** Set by the gateway. */
    client_ip: z.string().max(64).optional(),
  }),
  output: z.object({ object: z.literal('registration'), partner: partnerSchema, user: userSchema }),
  errors: [EMAIL_TAKEN, PASSWORD_BREACHED, TOO_MANY_REGISTRATIONS],
});

export const createSession = defineRequest({
  subject: 'rpc.auth.session.create',
  summary: 'Log in with an email address and a password',
  http: { method: 'POST', path: '/v1/sessions', status: 201, addressMember: 'client_ip' },
  permission: 'public',
  audit: { action: 'session.created', object: 'output.id', refusals: [LOGIN_REFUSED.code] },
  criticality: 'critical',
  input: z.strictObject({
    email: emailSchema,
    password: givenPasswordSchema,
    partner_id: actsFor,
    client_ip: z.string().max(64).optional(),
  }),
  output: sessionSchema,
  errors: [
    LOGIN_REFUSED,
    MEMBER_NOT_FOUND,
    SECOND_FACTOR_REQUIRED,
    TOO_MANY_LOGINS,
    PARTNER_SUSPENDED,
    SSO_REQUIRED,
  ],
});

export const revokeSession = defineRequest({
  subject: 'rpc.auth.session.revoke',
  summary: 'Log out: end the session that makes this call',
  http: { method: 'DELETE', path: '/v1/sessions/current', status: 200 },
  permission: 'sessions:end',
  audit: { action: 'session.ended', object: 'credential' },
  criticality: 'critical',
  input: z.strictObject({}),
  output: z.object({ object: z.literal('session'), id: idSchema('session'), revoked_at: timestampSchema }),
  repeatable: true,
});

export const createBrowserSession = defineRequest({
  subject: 'rpc.auth.browser-session.create',
  summary: 'Log in from a page of this origin. The session is in a cookie, not in the response',
  http: {
    method: 'POST',
    path: '/v1/browser-sessions',
    status: 201,
    addressMember: 'client_ip',
    userAgentMember: 'user_agent',
    filledMembers: ['session_digest'],
  },
  permission: 'public',
  audit: { action: 'session.created', object: 'output.id', refusals: [LOGIN_REFUSED.code] },
  criticality: 'critical',
  input: z.strictObject({
    email: emailSchema,
    password: givenPasswordSchema,
    partner_id: actsFor,
    client_ip: z.string().max(64).optional(),
    user_agent: z.string().max(300).optional(),
    /** Lower-case hex SHA-256 of the token. Only the gateway, which makes the token, has the token itself. */
    session_digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
  }),
  output: browserSessionSchema,
  errors: [
    LOGIN_REFUSED,
    MEMBER_NOT_FOUND,
    SECOND_FACTOR_REQUIRED,
    TOO_MANY_LOGINS,
    PARTNER_SUSPENDED,
    SSO_REQUIRED,
  ],
});

/** The session acts for one partner from its beginning to its end: another partner is another session. */
export const switchPartner = defineRequest({
  subject: 'rpc.auth.browser-session.switch',
  summary: 'Act for another partner of yours: this browser gets another session, the old one ends',
  http: {
    method: 'POST',
    path: '/v1/browser-sessions/switch',
    status: 201,
    addressMember: 'client_ip',
    userAgentMember: 'user_agent',
    filledMembers: ['session_digest'],
  },
  permission: 'memberships:write',
  audit: { action: 'session.created', object: 'output.id' },
  input: z.strictObject({
    partner_id: idSchema('partner'),
    client_ip: z.string().max(64).optional(),
    user_agent: z.string().max(300).optional(),
    session_digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
  }),
  output: browserSessionSchema,
  errors: [MEMBER_NOT_FOUND, NOT_A_BROWSER, SSO_REQUIRED],
});

export const getBrowserSession = defineRequest({
  subject: 'rpc.auth.browser-session.get',
  summary: 'Who is logged in here, and the token for writes',
  http: { method: 'GET', path: '/v1/browser-sessions/current', status: 200 },
  permission: 'sessions:read',
  criticality: 'critical',
  input: z.strictObject({}),
  output: browserSessionSchema,
  repeatable: true,
});

export const endBrowserSession = defineRequest({
  subject: 'rpc.auth.browser-session.end',
  summary: 'Log out of this browser: ends the session and deletes what the browser keeps of it',
  http: { method: 'DELETE', path: '/v1/browser-sessions/current', status: 200 },
  permission: 'sessions:end',
  audit: { action: 'session.ended', object: 'credential' },
  criticality: 'critical',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('browser_session'),
    id: idSchema('session'),
    revoked_at: timestampSchema,
  }),
  repeatable: true,
});

export const listSessions = defineRequest({
  subject: 'rpc.auth.session.list',
  summary: 'The active sessions of this person, newest first, at most 100',
  http: { method: 'GET', path: '/v1/sessions', status: 200 },
  permission: 'sessions:read',
  input: z.strictObject({}),
  output: listOf(activeSessionSchema),
  repeatable: true,
});

export const endSession = defineRequest({
  subject: 'rpc.auth.session.end',
  summary: 'End one of your sessions, at once and for good',
  http: { method: 'DELETE', path: '/v1/sessions/:id', status: 200 },
  permission: 'sessions:end',
  audit: { action: 'session.ended', object: 'input.id' },
  criticality: 'critical',
  input: z.strictObject({ id: idSchema('session') }),
  output: z.object({ object: z.literal('session'), id: idSchema('session'), revoked_at: timestampSchema }),
  errors: [SESSION_NOT_FOUND],
  repeatable: true,
});

export const endAllSessions = defineRequest({
  subject: 'rpc.auth.session.end-all',
  summary:
    'Log out everywhere: end all your sessions, or all but the one that makes this call, and your explorer keys',
  http: { method: 'DELETE', path: '/v1/sessions', status: 200 },
  permission: 'sessions:end',
  audit: { action: 'session.all_ended', object: 'caller', shows: ['keep'] },
  criticality: 'critical',
  input: z.strictObject({
    keep: z.enum(['none', 'current']).default('none').describe('`current` spares the session of this call'),
  }),
  output: z.object({ object: z.literal('ended_sessions'), ended: z.number().int().min(0) }),
  repeatable: true,
});

export const getIdentity = defineRequest({
  subject: 'rpc.auth.identity.get',
  summary: 'The person or key that this credential belongs to',
  http: { method: 'GET', path: '/v1/me', status: 200 },
  permission: 'identity:read',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('identity'),
    principal: principalSchema,
    partner: partnerSchema.nullable(),
    user: userSchema.nullable(),
  }),
  repeatable: true,
});

/**
 * Sent by the gateway for a credential that is not in its cache. Contains the SHA-256, never the secret; but for an access
 * token, which is signed and stored nowhere.
 */
export const verifyCredential = defineRequest({
  subject: 'rpc.auth.credential.verify',
  summary: 'Find the principal that a key, session or access token belongs to',
  permission: 'internal',
  criticality: 'critical',
  input: z.strictObject({
    kind: z.enum([...CREDENTIAL_KINDS, 'access_token']),
    /** Lower-case hex SHA-256 of the whole key or token. */
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    /** Access tokens only: the token itself, whose signature is verified. */
    token: z.string().max(MAX_ACCESS_TOKEN_LENGTH).optional(),
    /** Whether the call is no use of the session by its person: such a call does not extend the session. */
    passive: z.boolean().default(false),
  }),
  output: z.object({
    principal: principalSchema,
    expires_at: timestampSchema.nullable(),
    /** The networks from which a key is accepted. Missing or empty: from everywhere. */
    allowed_networks: z.array(z.string()).optional(),
    /** The limits of the key's own. Missing or empty: none. */
    limits: z.array(keyLimitSchema).optional(),
  }),
  errors: [CREDENTIAL_REFUSED],
  repeatable: true,
});

export const partnerRegistered = defineEvent({
  subject: 'event.auth.partner.registered',
  summary: 'A partner and its owner exist',
  payload: z.object({ partner_id: idSchema('partner'), name: z.string(), registered_at: timestampSchema }),
  consumers: ['billing_open-account'],
});

/** The gateway removes this credential from its cache. */
export const credentialRevoked = defineEvent({
  subject: 'event.auth.credential.revoked',
  summary: 'A key or session is no longer valid',
  payload: z.object({ kind: z.enum(CREDENTIAL_KINDS), id: z.string(), digest: z.string() }),
  listeners: ['gateway'],
});
