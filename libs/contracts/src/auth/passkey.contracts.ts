import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import {
  CHALLENGE_ENDED,
  PASSKEY_INVALID,
  PASSKEY_NOT_FOUND,
  SECOND_FACTOR_MISSING,
  TOO_FEW_WAYS,
  TOO_MANY_PASSKEYS,
} from './second-factor.errors.ts';

/** Base64url without padding, as WebAuthn's JSON has it. */
const bytes = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[A-Za-z0-9_-]+$/);

/** The token of a challenge: `cha_` and 43 random base62 characters. */
export const challengeTokenSchema = z
  .string()
  .regex(/^cha_[0-9A-Za-z]{43}$/)
  .meta({ examples: [`cha_${'0UQ3kZ1aB7dEfGhIjKlMnO'.repeat(2).slice(0, 43)}`] });

const credential = {
  id: bytes(1400),
  rawId: bytes(1400),
  type: z.literal('public-key'),
};
const EXAMPLE = { id: 'AQID', rawId: 'AQID', type: 'public-key' } as const;

/** What `PublicKeyCredential.toJSON()` returns after `navigator.credentials.get()`. Further members are ignored. */
export const passkeyProofSchema = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: bytes(8192),
      authenticatorData: bytes(8192),
      signature: bytes(8192),
      userHandle: bytes(128).nullable().optional(),
    }),
  })
  .meta({
    examples: [
      { ...EXAMPLE, response: { clientDataJSON: 'e30', authenticatorData: 'AQID', signature: 'AQID' } },
    ],
  });
export type PasskeyProof = z.output<typeof passkeyProofSchema>;

/** The same after `navigator.credentials.create()`. */
export const newPasskeySchema = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: bytes(8192),
      attestationObject: bytes(65_536),
      transports: z
        .array(
          z
            .string()
            .max(32)
            .regex(/^[a-z-]+$/),
        )
        .max(10)
        .optional(),
    }),
  })
  .meta({
    examples: [{ ...EXAMPLE, response: { clientDataJSON: 'e30', attestationObject: 'AQID' } }],
  });

const descriptor = z.object({
  id: z.string(),
  type: z.literal('public-key'),
  transports: z.array(z.string()).optional(),
});

/** `PublicKeyCredentialRequestOptionsJSON` of WebAuthn Level 3. */
export const passkeyRequestSchema = z.object({
  challenge: z.string(),
  timeout: z.number().int(),
  rpId: z.string(),
  allowCredentials: z.array(descriptor),
  userVerification: z.literal('required'),
});
export type PasskeyRequest = z.output<typeof passkeyRequestSchema>;

/** A passkey: a key pair of a device, of which the portal has the public half. */
export const passkeySchema = z.object({
  object: z.literal('passkey'),
  id: idSchema('passkey'),
  /** The name that its person gave it. */
  name: z.string(),
  /** Whether the device copies it to the other devices of its person. */
  synced: z.boolean(),
  created_at: timestampSchema,
  last_used_at: timestampSchema.nullable(),
});
passkeySchema.register(NAMED_SCHEMAS, { id: 'Passkey' });

export const beginPasskey = defineRequest({
  subject: 'rpc.auth.passkey.begin',
  summary: 'Begin to add a passkey: the options for `navigator.credentials.create()`, valid for five minutes',
  http: { method: 'POST', path: '/v1/me/passkeys/challenge', status: 201 },
  permission: 'second-factors:write',
  audit: { none: 'the passkey counts only once it is registered' },
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('passkey_challenge'),
    challenge: challengeTokenSchema,
    expires_at: timestampSchema,
    /** `PublicKeyCredentialCreationOptionsJSON` of WebAuthn Level 3. */
    public_key: z.object({
      rp: z.object({ id: z.string(), name: z.string() }),
      user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
      challenge: z.string(),
      pubKeyCredParams: z.array(z.object({ alg: z.number().int(), type: z.literal('public-key') })),
      timeout: z.number().int(),
      excludeCredentials: z.array(descriptor),
      authenticatorSelection: z.object({
        residentKey: z.literal('required'),
        requireResidentKey: z.literal(true),
        userVerification: z.literal('required'),
      }),
      attestation: z.literal('none'),
    }),
  }),
  errors: [TOO_MANY_PASSKEYS],
  repeatable: true,
});

export const registerPasskey = defineRequest({
  subject: 'rpc.auth.passkey.register',
  summary: 'Add a passkey. From then on a log-in by password needs a second factor',
  http: { method: 'POST', path: '/v1/me/passkeys', status: 201 },
  permission: 'second-factors:write',
  audit: { action: 'passkey.added', object: 'output.passkey.id', shows: ['name'] },
  input: z.strictObject({
    name: storedText(60).meta({ examples: ['Laptop'] }),
    challenge: challengeTokenSchema,
    passkey: newPasskeySchema,
  }),
  output: z.object({
    object: z.literal('passkey_addition'),
    passkey: passkeySchema,
    /** Shown once; null when the person has codes already. */
    recovery_codes: z.array(z.string()).nullable(),
  }),
  errors: [CHALLENGE_ENDED, PASSKEY_INVALID, TOO_MANY_PASSKEYS],
});

export const renamePasskey = defineRequest({
  subject: 'rpc.auth.passkey.rename',
  summary: 'Give a passkey another name',
  http: { method: 'PATCH', path: '/v1/me/passkeys/:id', status: 200 },
  permission: 'second-factors:write',
  audit: { action: 'passkey.renamed', object: 'input.id', shows: ['name'] },
  input: z.strictObject({ id: idSchema('passkey'), name: storedText(60).meta({ examples: ['Laptop'] }) }),
  output: passkeySchema,
  errors: [PASSKEY_NOT_FOUND],
  repeatable: true,
});

export const removePasskey = defineRequest({
  subject: 'rpc.auth.passkey.remove',
  summary: 'Remove a passkey',
  http: { method: 'DELETE', path: '/v1/me/passkeys/:id', status: 200 },
  permission: 'second-factors:write',
  audit: { action: 'passkey.removed', object: 'input.id' },
  input: z.strictObject({ id: idSchema('passkey') }),
  output: z.object({
    object: z.literal('removed_passkey'),
    id: idSchema('passkey'),
    removed_at: timestampSchema,
  }),
  errors: [PASSKEY_NOT_FOUND, TOO_FEW_WAYS, SECOND_FACTOR_MISSING],
});
