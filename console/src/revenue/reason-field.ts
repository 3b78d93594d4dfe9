import * as z from 'zod/mini';

/** Why somebody of GridWorks does something to a partner. */
export const reasonField = z
  .string()
  .check(z.trim(), z.minLength(3, 'Say why, in a few words'), z.maxLength(500, 'At most 500 characters'));
