import * as z from 'zod/mini';
import { KEY_SCOPES } from '../session/may-do.ts';

const LONGEST_NAME = 120;
const MOST_URIS = 10;

/** The addresses of a text: one a line. */
export const urisOf = (text: string): string[] => text.split(/\s+/).filter((entry) => entry !== '');

/** The rules of `POST /v1/applications`; a spec compares them with the contracts. */
export const createApplicationSchema = z
  .object({
    name: z
      .string()
      .check(
        z.trim(),
        z.minLength(1, 'Give it a name'),
        z.maxLength(LONGEST_NAME, `At most ${LONGEST_NAME} characters`),
      ),
    kind: z.enum(['service', 'web', 'native']),
    scopes: z.array(z.enum(KEY_SCOPES)).check(z.minLength(1, 'Choose at least one')),
    redirect_uris: z
      .string()
      .check(z.refine((text) => urisOf(text).length <= MOST_URIS, `At most ${MOST_URIS} addresses`)),
  })
  .check(
    z.refine(({ kind, redirect_uris: text }) => kind === 'service' || urisOf(text).length > 0, {
      message: 'Give at least one address',
      path: ['redirect_uris'],
    }),
  );
export type NewApplication = z.output<typeof createApplicationSchema>;

/** What the API is sent for these fields. */
export const inputOf = ({ redirect_uris: text, ...rest }: NewApplication) => ({
  ...rest,
  redirect_uris: rest.kind === 'service' ? [] : urisOf(text),
});
