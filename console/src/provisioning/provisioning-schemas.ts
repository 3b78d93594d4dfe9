import * as z from 'zod/mini';
import type { Api } from '../api/portal.ts';

const LONGEST = 120;

/** The rules of `POST /v1/scim/tokens`. */
export const newTokenSchema = z.object({
  name: z
    .string()
    .check(z.trim(), z.minLength(1, 'Give it a name'), z.maxLength(LONGEST, `At most ${LONGEST} characters`)),
  days: z.string(),
});
export type NewToken = z.output<typeof newTokenSchema>;

export type ScimToken = Awaited<ReturnType<Api['scimTokens']['list']>>['data'][number];
export type ScimGroup = Awaited<ReturnType<Api['provisionedGroups']['list']>>['data'][number];
