import * as z from 'zod/mini';

const LONGEST_NAME = 60;
const LONGEST_ADDRESS = 254;

/** The rules of `POST /v1/invitations`; a spec compares them with the contract. */
export const invitationSchema = z.object({
  email: z
    .string()
    .check(
      z.trim(),
      z.email('Enter an email address'),
      z.maxLength(LONGEST_ADDRESS, `At most ${LONGEST_ADDRESS} characters`),
    ),
  role: z.string(),
});
export type NewInvitation = z.output<typeof invitationSchema>;

/** The rules of `POST /v1/roles`. */
export const roleSchema = z.object({
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, 'Give it a name'),
      z.maxLength(LONGEST_NAME, `At most ${LONGEST_NAME} characters`),
    ),
  permissions: z.array(z.string()).check(z.minLength(1, 'Choose at least one')),
});
export type NewRole = z.output<typeof roleSchema>;
