import * as z from 'zod/mini';

const SHORTEST = 10;
const LONGEST = 256;

/** The rule of every new password; a spec compares it with the contracts. */
export const newPassword = z
  .string()
  .check(
    z.minLength(SHORTEST, `At least ${SHORTEST} characters`),
    z.maxLength(LONGEST, `At most ${LONGEST} characters`),
  );
export const newPasswordSchema = z.object({ new_password: newPassword });
