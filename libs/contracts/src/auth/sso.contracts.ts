import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { isStorableText, storedText } from '../values/text.ts';
import { clientIpSchema, emailSchema } from './account-texts.ts';
import { TOO_MANY_LOGINS } from './auth.errors.ts';
import {
  BEGUN_BY,
  FILLED_AT_BEGIN,
  logInAttemptSchema,
  providerAnswer,
  returnPathSchema,
} from './external-log-in.contracts.ts';
import { ATTEMPT_ENDED, PROVIDER_REFUSED, PROVIDER_UNAVAILABLE } from './external-log-in.errors.ts';
import {
  SSO_ENFORCED_ALREADY,
  SSO_NOT_FOUND,
  SSO_NOT_TESTED,
  SSO_WITHOUT_DOMAIN,
  TOO_MANY_SSO_CONNECTIONS,
} from './sso.errors.ts';

/** The partner's provider is asked within these requests, and may be slow. */
const DEADLINE_MS = 10_000;

export const SSO_KINDS = ['oidc', 'saml'] as const;
/**
 * `draft`: logs nobody in. `tested`: persons of verified domains may use it. `enforced`: they must. `off`: logs nobody in, and
 * its sessions are refused.
 */
export const SSO_STATES = ['draft', 'tested', 'enforced', 'off'] as const;
/** The roles that a person can get by the first log-in. */
export const SSO_DEFAULT_ROLES = ['developer', 'billing', 'support', 'viewer'] as const;

const STORABLE = 'must not contain NUL or half of a surrogate pair';
const webAddress = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine(isStorableText, STORABLE);
const line = (most: number) => z.string().min(1).max(most).refine(isStorableText, STORABLE);

/** What an OpenID Connect provider needs to be known by. */
export const ssoOidcSchema = z.strictObject({
  issuer: webAddress.meta({ examples: ['https://id.acme.example'] }),
  client_id: line(300).meta({ examples: ['portal'] }),
});
/** What a SAML identity provider is known by. */
export const ssoSamlSchema = z.strictObject({
  /** The entity id of the provider: the issuer of its responses. */
  entity_id: line(500).meta({ examples: ['https://id.acme.example/saml'] }),
  /** Where browsers are sent, by HTTP-Redirect. */
  entry_point: webAddress.meta({ examples: ['https://id.acme.example/saml/sso'] }),
  /** The certificates that its responses are signed with, in PEM. */
  certificates: z.array(line(8000)).min(1).max(4),
});

export const ssoConnectionSchema = z.object({
  object: z.literal('sso_connection'),
  id: idSchema('ssoConnection'),
  kind: z.enum(SSO_KINDS),
  name: z.string(),
  state: z.enum(SSO_STATES),
  oidc: ssoOidcSchema.nullable(),
  saml: ssoSamlSchema.nullable(),
  default_role: z.enum(SSO_DEFAULT_ROLES),
  /** What the provider needs to know of the portal. */
  portal: z.object({
    /** Where an OpenID Connect provider sends browsers back to. */
    redirect_uri: z.string(),
    /** The entity id, and the address of the metadata, for SAML. */
    metadata_url: z.string(),
    /** Where a SAML provider posts its responses. */
    acs_url: z.string(),
  }),
  created_at: timestampSchema,
  /** When the settings were tested as they are now; null since their last change. */
  tested_at: timestampSchema.nullable(),
  enforced_at: timestampSchema.nullable(),
});
ssoConnectionSchema.register(NAMED_SCHEMAS, { id: 'SsoConnection' });

const idInput = z.strictObject({ id: idSchema('ssoConnection') });
const client_secret = line(500).describe('Never shown again.');

export const listSsoConnections = defineRequest({
  subject: 'rpc.auth.sso-connection.list',
  summary: 'The connections of single sign-on of this partner',
  http: { method: 'GET', path: '/v1/sso-connections', status: 200 },
  permission: 'sso:read',
  input: z.strictObject({}),
  output: listOf(ssoConnectionSchema),
  repeatable: true,
});

export const createSsoConnection = defineRequest({
  subject: 'rpc.auth.sso-connection.create',
  summary: 'Add a connection to your identity provider. It logs nobody in until it was tested',
  http: { method: 'POST', path: '/v1/sso-connections', status: 201, idempotent: true },
  permission: 'sso:manage',
  audit: { action: 'sso_connection.created', object: 'output.id', shows: ['kind', 'name', 'default_role'] },
  input: z.strictObject({
    kind: z.enum(SSO_KINDS),
    name: storedText(80).meta({ examples: ['Acme ID'] }),
    oidc: ssoOidcSchema.extend({ client_secret }).optional(),
    saml: ssoSamlSchema.optional(),
    default_role: z.enum(SSO_DEFAULT_ROLES).default('viewer'),
  }),
  output: ssoConnectionSchema,
  errors: [TOO_MANY_SSO_CONNECTIONS],
});

export const updateSsoConnection = defineRequest({
  subject: 'rpc.auth.sso-connection.update',
  summary: 'Change a connection. Other settings of the provider make it a draft again, to be tested',
  http: { method: 'PATCH', path: '/v1/sso-connections/:id', status: 200 },
  permission: 'sso:manage',
  audit: { action: 'sso_connection.changed', object: 'input.id', shows: ['name', 'default_role'] },
  input: z.strictObject({
    id: idSchema('ssoConnection'),
    name: storedText(80).optional(),
    oidc: ssoOidcSchema.extend({ client_secret: client_secret.optional() }).optional(),
    saml: ssoSamlSchema.optional(),
    default_role: z.enum(SSO_DEFAULT_ROLES).optional(),
  }),
  output: ssoConnectionSchema,
  errors: [SSO_NOT_FOUND],
  repeatable: true,
});

export const removeSsoConnection = defineRequest({
  subject: 'rpc.auth.sso-connection.remove',
  summary: 'Remove a connection. Sessions that it began end; its persons keep their accounts and memberships',
  http: { method: 'DELETE', path: '/v1/sso-connections/:id', status: 200 },
  permission: 'sso:manage',
  audit: { action: 'sso_connection.removed', object: 'input.id' },
  input: idInput,
  output: z.object({
    object: z.literal('removed_sso_connection'),
    id: idSchema('ssoConnection'),
    removed_at: timestampSchema,
    ended_sessions: z.number().int(),
  }),
  errors: [SSO_NOT_FOUND],
});

export const beginSsoTest = defineRequest({
  subject: 'rpc.auth.sso-connection.begin-test',
  summary: 'Begin a test log-in: where the browser goes next. Nobody is logged in by it',
  http: {
    ...{ method: 'POST', path: '/v1/sso-connections/:id/tests', status: 201 },
    ...{ deadlineMs: DEADLINE_MS, filledMembers: FILLED_AT_BEGIN },
  },
  permission: 'sso:manage',
  audit: { none: 'nothing is changed by it' },
  input: z.strictObject({ id: idSchema('ssoConnection'), ...BEGUN_BY }),
  output: logInAttemptSchema,
  errors: [SSO_NOT_FOUND, PROVIDER_UNAVAILABLE],
});

/** What a test log-in can lack. */
export const SSO_PROBLEMS = ['no_address', 'address_unverified', 'domain_unverified'] as const;

export const completeSsoTest = defineRequest({
  subject: 'rpc.auth.sso-connection.complete-test',
  summary:
    'Complete a test log-in: what the provider said, and whether the connection can log such a person in',
  http: {
    ...{ method: 'POST', path: '/v1/sso-connections/test-results', status: 200 },
    ...{ deadlineMs: DEADLINE_MS, filledMembers: ['browser_digest'] },
  },
  permission: 'sso:manage',
  audit: { action: 'sso_connection.tested', object: 'output.connection.id' },
  input: z.strictObject({ ...providerAnswer, browser_digest: BEGUN_BY.browser_digest }),
  output: z.object({
    object: z.literal('sso_test'),
    connection: ssoConnectionSchema,
    received: z.object({
      subject: z.string(),
      email: z.string().nullable(),
      /** Null when the provider says nothing about it. */
      email_verified: z.boolean().nullable(),
      name: z.string().nullable(),
    }),
    /** Why such a person could not log in; empty for a successful test. */
    problems: z.array(z.enum(SSO_PROBLEMS)),
  }),
  errors: [ATTEMPT_ENDED, SSO_NOT_FOUND, PROVIDER_REFUSED, PROVIDER_UNAVAILABLE],
});

export const enforceSso = defineRequest({
  subject: 'rpc.auth.sso-connection.enforce',
  summary:
    'Persons of your verified domains must log in with this connection from now on. Other sessions of theirs end, but this one and those of owners with a second factor',
  http: { method: 'POST', path: '/v1/sso-connections/:id/enforce', status: 200 },
  permission: 'sso:manage',
  audit: { action: 'sso_connection.enforced', object: 'input.id' },
  input: idInput,
  output: ssoConnectionSchema,
  errors: [SSO_NOT_FOUND, SSO_NOT_TESTED, SSO_WITHOUT_DOMAIN, SSO_ENFORCED_ALREADY],
  repeatable: true,
});

export const stopSso = defineRequest({
  subject: 'rpc.auth.sso-connection.stop',
  summary: 'Turn a connection off: it logs nobody in, and sessions that it began end',
  http: { method: 'POST', path: '/v1/sso-connections/:id/stop', status: 200 },
  permission: 'sso:manage',
  audit: { action: 'sso_connection.stopped', object: 'input.id' },
  input: idInput,
  output: ssoConnectionSchema,
  errors: [SSO_NOT_FOUND],
  repeatable: true,
});

export const beginSso = defineRequest({
  subject: 'rpc.auth.sso.begin',
  summary: 'Begin to log in with the single sign-on of the partner that owns the domain of an address',
  http: {
    ...{ method: 'POST', path: '/v1/log-in/sso', status: 201, deadlineMs: DEADLINE_MS },
    ...{ addressMember: 'client_ip', filledMembers: FILLED_AT_BEGIN },
  },
  permission: 'public',
  audit: { none: 'nobody is logged in by it' },
  criticality: 'critical',
  input: z.strictObject({
    email: emailSchema,
    return_to: returnPathSchema.optional(),
    client_ip: clientIpSchema,
    ...BEGUN_BY,
  }),
  output: logInAttemptSchema,
  errors: [SSO_NOT_FOUND, PROVIDER_UNAVAILABLE, TOO_MANY_LOGINS],
});

/** Sent by the gateway for a form that a browser posts: the response of a SAML provider. */
export const receiveSamlResponse = defineRequest({
  subject: 'rpc.auth.saml-response.receive',
  summary: 'Check the response of a SAML identity provider, and keep who it is for the browser that began',
  permission: 'internal',
  criticality: 'critical',
  input: z.strictObject({
    connection_id: idSchema('ssoConnection'),
    /** Base64 of the XML. */
    response: z.string().max(512 << 10),
    /** The state of the attempt. */
    relay_state: z.string().max(100),
  }),
  output: z.object({ object: z.literal('saml_response'), callback_url: z.string() }),
  errors: [ATTEMPT_ENDED, SSO_NOT_FOUND, PROVIDER_REFUSED],
});

/** Sent by the gateway for a provider, or a person who sets one up. */
export const getSamlMetadata = defineRequest({
  subject: 'rpc.auth.saml-metadata.get',
  summary: 'What a SAML identity provider must know of the portal, as XML',
  permission: 'internal',
  input: z.strictObject({ connection_id: idSchema('ssoConnection') }),
  output: z.object({ object: z.literal('saml_metadata'), xml: z.string() }),
  errors: [SSO_NOT_FOUND],
  repeatable: true,
});
