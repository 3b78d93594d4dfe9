import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { isWellFormed, NOT_WELL_FORMED } from '../values/text.ts';
import { actsFor, browserSessionSchema, sessionSchema } from './auth.contracts.ts';
import { LOGIN_REFUSED, MEMBER_NOT_FOUND, TOO_MANY_LOGINS } from './auth.errors.ts';
import { challengeTokenSchema, passkeyProofSchema, passkeyRequestSchema } from './passkey.contracts.ts';
import { recoveryCodeSchema, totpCodeSchema } from './second-factor.contracts.ts';
import { CHALLENGE_ENDED, PROOF_REFUSED, SECOND_FACTOR_REFUSED } from './second-factor.errors.ts';
import { SSO_REQUIRED } from './sso.errors.ts';

const client_ip = z.string().max(64).optional();
const user_agent = z.string().max(300).optional();
const session_digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .optional();
const FACE_OF_BROWSER = {
  method: 'POST',
  status: 201,
  addressMember: 'client_ip',
  userAgentMember: 'user_agent',
  filledMembers: ['session_digest'],
} as const;

/** The member `challenge` of the problem `AUTH.SECOND_FACTOR_REQUIRED`, and what a log-in by passkey begins with. */
export const logInChallengeSchema = z.object({
  object: z.literal('log_in_challenge'),
  /** Send it back with the proof. Valid once. */
  token: challengeTokenSchema,
  expires_at: timestampSchema,
  /** What completes this log-in. */
  methods: z.array(z.enum(['totp', 'passkey', 'recovery_code'])),
  /** The options for `navigator.credentials.get()`; null without `passkey` among the methods. */
  public_key: passkeyRequestSchema.nullable(),
});
logInChallengeSchema.register(NAMED_SCHEMAS, { id: 'LogInChallenge' });
export type LogInChallenge = z.output<typeof logInChallengeSchema>;

const byCode = z.strictObject({ method: z.literal('totp'), code: totpCodeSchema });
/** What completes a log-in. */
export const factorProofSchema = z
  .discriminatedUnion('method', [
    byCode,
    z.strictObject({ method: z.literal('passkey'), passkey: passkeyProofSchema }),
    z.strictObject({ method: z.literal('recovery_code'), recovery_code: recoveryCodeSchema }),
  ])
  .meta({ examples: [{ method: 'totp', code: '492039' }] });
export type FactorProof = z.output<typeof factorProofSchema>;

const password = z
  .string()
  .max(256)
  .refine(isWellFormed, NOT_WELL_FORMED)
  .meta({ examples: ['correct horse battery'] });
/** What a person who is logged in proves with who they are. */
export const stepUpProofSchema = z
  .discriminatedUnion('method', [
    z.strictObject({ method: z.literal('password'), password }),
    byCode,
    z.strictObject({
      method: z.literal('passkey'),
      challenge: challengeTokenSchema,
      passkey: passkeyProofSchema,
    }),
  ])
  .meta({ examples: [{ method: 'password', password: 'correct horse battery' }] });

export const createLogInChallenge = defineRequest({
  subject: 'rpc.auth.log-in-challenge.create',
  summary:
    'Begin to log in with a passkey alone: the options for `navigator.credentials.get()`, valid for five minutes',
  http: { method: 'POST', path: '/v1/log-in-challenges', status: 201 },
  permission: 'public',
  audit: { none: 'nobody is logged in by it' },
  criticality: 'critical',
  input: z.strictObject({}),
  output: logInChallengeSchema,
  repeatable: true,
});

export const completeSession = defineRequest({
  subject: 'rpc.auth.session.complete',
  summary: 'Complete a log-in with the second factor, or with a passkey alone',
  http: { method: 'POST', path: '/v1/sessions/complete', status: 201, addressMember: 'client_ip' },
  permission: 'public',
  audit: { action: 'session.created', object: 'output.id', refusals: [SECOND_FACTOR_REFUSED.code] },
  criticality: 'critical',
  input: z.strictObject({
    challenge: challengeTokenSchema,
    proof: factorProofSchema,
    partner_id: actsFor,
    client_ip,
  }),
  output: sessionSchema,
  errors: [CHALLENGE_ENDED, MEMBER_NOT_FOUND, SECOND_FACTOR_REFUSED, TOO_MANY_LOGINS, SSO_REQUIRED],
});

export const completeBrowserSession = defineRequest({
  subject: 'rpc.auth.browser-session.complete',
  summary:
    'Complete a log-in from a page of this origin with the second factor, or with a passkey alone. The session is in a cookie',
  http: { ...FACE_OF_BROWSER, path: '/v1/browser-sessions/complete' },
  permission: 'public',
  audit: { action: 'session.created', object: 'output.id', refusals: [SECOND_FACTOR_REFUSED.code] },
  criticality: 'critical',
  input: z.strictObject({
    challenge: challengeTokenSchema,
    proof: factorProofSchema,
    partner_id: actsFor,
    ...{ client_ip, user_agent, session_digest },
  }),
  output: browserSessionSchema,
  errors: [CHALLENGE_ENDED, MEMBER_NOT_FOUND, SECOND_FACTOR_REFUSED, TOO_MANY_LOGINS, SSO_REQUIRED],
});

export const recoverBrowserSession = defineRequest({
  subject: 'rpc.auth.browser-session.recover',
  summary: 'Log in with a recovery code to an account without a password, whose passkeys are lost',
  http: { ...FACE_OF_BROWSER, path: '/v1/browser-sessions/recover' },
  permission: 'public',
  audit: { action: 'session.recovered', object: 'output.id', refusals: [LOGIN_REFUSED.code] },
  criticality: 'critical',
  input: z.strictObject({
    email: z
      .email()
      .max(254)
      .toLowerCase()
      .meta({ examples: ['ada@example.com'] }),
    recovery_code: recoveryCodeSchema,
    ...{ client_ip, user_agent, session_digest },
  }),
  output: browserSessionSchema,
  errors: [LOGIN_REFUSED, TOO_MANY_LOGINS, SSO_REQUIRED],
});

export const beginStepUp = defineRequest({
  subject: 'rpc.auth.step-up.begin',
  summary: 'How you can prove again who you are, with the options for a passkey',
  http: { method: 'POST', path: '/v1/step-ups/challenge', status: 201 },
  permission: 'sessions:step-up',
  audit: { none: 'nothing is proved by it' },
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('step_up_challenge'),
    token: challengeTokenSchema,
    expires_at: timestampSchema,
    methods: z.array(z.enum(['password', 'totp', 'passkey', 'external'])),
    /** Log-ins at providers that prove it, too. */
    providers: z.array(z.object({ id: z.string(), name: z.string() })),
    public_key: passkeyRequestSchema.nullable(),
  }),
  repeatable: true,
});

export const completeStepUp = defineRequest({
  subject: 'rpc.auth.step-up.complete',
  summary:
    'Prove again who you are, for ten minutes: with your password, a code, or a passkey and its challenge',
  http: { method: 'POST', path: '/v1/step-ups', status: 201, addressMember: 'client_ip' },
  permission: 'sessions:step-up',
  audit: { action: 'session.proved', object: 'credential', refusals: [PROOF_REFUSED.code] },
  input: z.strictObject({ proof: stepUpProofSchema, client_ip }),
  output: z.object({
    object: z.literal('step_up'),
    authenticated_at: timestampSchema,
    /** Until then the session may do what needs a fresh proof. */
    fresh_until: timestampSchema,
  }),
  errors: [PROOF_REFUSED, CHALLENGE_ENDED, TOO_MANY_LOGINS],
});

/** The gateway asks for the principal of this session again. */
export const sessionProved = defineEvent({
  subject: 'event.auth.session.proved',
  summary: 'The person of a session has proved again who they are',
  payload: z.object({ id: idSchema('session'), digest: z.string() }),
  listeners: ['gateway'],
});
