import * as z from 'zod/mini';

const LONGEST_NAME = 60;

/** The rules of the name of a passkey; a spec compares them with the contract. */
export const passkeyNameSchema = z.object({
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, 'Enter a name'),
      z.maxLength(LONGEST_NAME, `At most ${LONGEST_NAME} characters`),
    ),
});
export type PasskeyName = z.output<typeof passkeyNameSchema>;
