import { z } from 'zod';
import { isWellFormed, NOT_WELL_FORMED } from '../values/text.ts';

/** An email address, in lower case. */
export const emailSchema = z
  .email()
  .max(254)
  .toLowerCase()
  .meta({ examples: ['ada@example.com'] });

/** A password that a person chooses: at least 10 characters. */
export const newPasswordSchema = z
  .string()
  .min(10)
  .max(256)
  .refine(isWellFormed, NOT_WELL_FORMED)
  .meta({ examples: ['correct horse battery'] });

/** A password that is compared with the stored one, whatever rules it was chosen by. */
export const givenPasswordSchema = z
  .string()
  .max(256)
  .refine(isWellFormed, NOT_WELL_FORMED)
  .meta({ examples: ['correct horse battery'] });

/** The secret of a link in a mail: 43 base62 characters, used once. */
export const linkTokenSchema = z
  .string()
  .regex(/^[0-9A-Za-z]{43}$/, 'expected the 43 characters of the link')
  .meta({ examples: ['0UQ3kZ1aB7dEfGhIjKlMnO0UQ3kZ1aB7dEfGhIjKlMn'] });

/** Set by the gateway: the network address of the caller. */
export const clientIpSchema = z.string().max(64).optional();
