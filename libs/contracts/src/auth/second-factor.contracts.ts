import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { timestampSchema } from '../values/identifiers.ts';
import { TOO_MANY_LOGINS } from './auth.errors.ts';
import { passkeySchema } from './passkey.contracts.ts';
import {
  NO_SECOND_FACTOR,
  PROOF_REFUSED,
  SECOND_FACTOR_MISSING,
  TOO_FEW_WAYS,
  TOTP_EXISTS,
  TOTP_NOT_FOUND,
} from './second-factor.errors.ts';

/** Six digits of an authenticator app (RFC 6238). */
export const totpCodeSchema = z
  .string()
  .regex(/^\d{6}$/, 'expected six digits')
  .meta({ examples: ['492039'] });
/** Sixteen random characters (80 bits) in groups of four, without those that look alike. */
export const recoveryCodeSchema = z
  .string()
  .regex(
    /^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/,
    'expected four groups of four characters, such as 7k2m-9xqd-h4tw-c8rv',
  )
  .meta({ examples: ['7k2m-9xqd-h4tw-c8rv'] });

/** How a person can log in, and what the password needs beside it. */
export const secondFactorsSchema = z.object({
  object: z.literal('second_factors'),
  password: z.boolean(),
  /** The authenticator app; null when none is on file. */
  totp: z.object({ created_at: timestampSchema, last_used_at: timestampSchema.nullable() }).nullable(),
  passkeys: z.array(passkeySchema),
  /** Null when there are none, which is the case without a second factor. */
  recovery_codes: z.object({ left: z.number().int(), created_at: timestampSchema }).nullable(),
  /** Ways to log in without the password: each passkey, each log-in at a provider, and the recovery codes. */
  other_ways: z.number().int(),
  /** Whether this account must have a second factor. */
  required: z.boolean(),
});
secondFactorsSchema.register(NAMED_SCHEMAS, { id: 'SecondFactors' });

export const getSecondFactors = defineRequest({
  subject: 'rpc.auth.second-factor.get',
  summary: 'Your ways to log in: password, authenticator app, passkeys, recovery codes',
  http: { method: 'GET', path: '/v1/me/second-factors', status: 200 },
  permission: 'second-factors:read',
  input: z.strictObject({}),
  output: secondFactorsSchema,
  repeatable: true,
});

export const enrolTotp = defineRequest({
  subject: 'rpc.auth.totp.enrol',
  summary:
    'Get a secret for an authenticator app. It counts once a code of it was confirmed; asking again gives another secret',
  http: { method: 'POST', path: '/v1/me/totp', status: 201 },
  permission: 'second-factors:write',
  audit: { none: 'the app counts only once it is confirmed' },
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('totp_enrolment'),
    /** Base32, to be typed in where no picture can be scanned. */
    secret: z.string(),
    /** `otpauth://totp/…`: the text of the QR code. */
    uri: z.string(),
  }),
  errors: [TOTP_EXISTS],
  repeatable: true,
});

/** What a person keeps who adds a first second factor. */
const addedSchema = z.object({
  object: z.literal('second_factor_addition'),
  second_factors: secondFactorsSchema,
  /** Shown once; null when the person has codes already. */
  recovery_codes: z.array(z.string()).nullable(),
});

export const confirmTotp = defineRequest({
  subject: 'rpc.auth.totp.confirm',
  summary:
    'Confirm the authenticator app with a code of it. From then on a log-in by password needs a second factor',
  http: { method: 'POST', path: '/v1/me/totp/confirm', status: 200, addressMember: 'client_ip' },
  permission: 'second-factors:write',
  audit: { action: 'second_factor.added', object: 'caller' },
  input: z.strictObject({ code: totpCodeSchema, client_ip: z.string().max(64).optional() }),
  output: addedSchema,
  errors: [TOTP_EXISTS, TOTP_NOT_FOUND, PROOF_REFUSED, TOO_MANY_LOGINS],
});

export const removeTotp = defineRequest({
  subject: 'rpc.auth.totp.remove',
  summary: 'Remove the authenticator app',
  http: { method: 'DELETE', path: '/v1/me/totp', status: 200 },
  permission: 'second-factors:write',
  audit: { action: 'second_factor.removed', object: 'caller' },
  input: z.strictObject({}),
  output: secondFactorsSchema,
  errors: [TOTP_NOT_FOUND, SECOND_FACTOR_MISSING],
});

export const renewRecoveryCodes = defineRequest({
  subject: 'rpc.auth.recovery-code.renew',
  summary: 'Get ten new recovery codes, shown only in this response. The old ones end',
  http: { method: 'POST', path: '/v1/me/recovery-codes', status: 201 },
  permission: 'second-factors:write',
  audit: { action: 'recovery_codes.renewed', object: 'caller' },
  input: z.strictObject({}),
  output: z.object({ object: z.literal('recovery_codes'), codes: z.array(z.string()) }),
  errors: [NO_SECOND_FACTOR],
});

export const removePassword = defineRequest({
  subject: 'rpc.auth.identity.remove-password',
  summary: 'Remove your password: you then log in with a passkey. Needs two other ways to log in',
  http: { method: 'DELETE', path: '/v1/me/password', status: 200 },
  permission: 'second-factors:write',
  audit: { action: 'user.password_removed', object: 'caller' },
  input: z.strictObject({}),
  output: secondFactorsSchema,
  errors: [TOO_FEW_WAYS],
  repeatable: true,
});
