import * as z from 'zod/mini';

const LONGEST_NAME = 120;
const SHORTEST_PASSWORD = 10;
const LONGEST_PASSWORD = 256;
const LONGEST_EMAIL = 254;

/** The name of a new partner. */
export const companyName = z
  .string()
  .check(
    z.trim(),
    z.minLength(1, 'Enter the name of your company'),
    z.maxLength(LONGEST_NAME, `At most ${LONGEST_NAME} characters`),
  );

/** The rules of `POST /v1/partners`, with messages for people; a spec compares them with the contract. */
export const signUpSchema = z.object({
  name: companyName,
  email: z
    .string()
    .check(
      z.trim(),
      z.toLowerCase(),
      z.email('This is no email address'),
      z.maxLength(LONGEST_EMAIL, 'This address is too long'),
    ),
  password: z
    .string()
    .check(
      z.minLength(SHORTEST_PASSWORD, `At least ${SHORTEST_PASSWORD} characters`),
      z.maxLength(LONGEST_PASSWORD, `At most ${LONGEST_PASSWORD} characters`),
    ),
});
export type SignUp = z.output<typeof signUpSchema>;
