import * as z from 'zod/mini';

const LONGEST_NAME = 120;
const SHORTEST_PASSWORD = 10;
const LONGEST_PASSWORD = 256;

/** The rules of `PATCH /v1/me` and `PUT /v1/me/password`; a spec compares them with the contracts. */
export const nameSchema = z.object({
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, 'Enter your name'),
      z.maxLength(LONGEST_NAME, `At most ${LONGEST_NAME} characters`),
    ),
});
export const passwordSchema = z.object({
  old_password: z.string().check(z.minLength(1, 'Enter the password that you have now')),
  new_password: z
    .string()
    .check(
      z.minLength(SHORTEST_PASSWORD, `At least ${SHORTEST_PASSWORD} characters`),
      z.maxLength(LONGEST_PASSWORD, `At most ${LONGEST_PASSWORD} characters`),
    ),
});
export type NameChange = z.output<typeof nameSchema>;
export type PasswordChange = z.output<typeof passwordSchema>;
