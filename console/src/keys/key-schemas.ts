import * as z from 'zod/mini';
import { KEY_SCOPES } from '../session/may-do.ts';

const LONGEST_NAME = 120;
const MOST_NETWORKS = 20;
const name = z
  .string()
  .check(
    z.trim(),
    z.minLength(1, 'Give it a name'),
    z.maxLength(LONGEST_NAME, `At most ${LONGEST_NAME} characters`),
  );

/** The choices of an end, in days; `none` for no end, `keep` for the end that a key has. */
export const KEY_LIVES = ['none', '7', '30', '90', '365'] as const;

/** The networks of a text: one a line, or with commas. */
export const networksOf = (text: string): string[] => text.split(/[\s,]+/).filter((entry) => entry !== '');

/** Further fields of a form of a key: what it may do, how long, and from where. */
const rules = {
  scope: z.enum(['all', 'some']),
  scopes: z.array(z.enum(KEY_SCOPES)),
  life: z.enum(['keep', ...KEY_LIVES]),
  allowed_networks: z
    .string()
    .check(z.refine((text) => networksOf(text).length <= MOST_NETWORKS, `At most ${MOST_NETWORKS} networks`)),
};
const someChosen = z.refine<{ scope: string; scopes: readonly string[] }>(
  ({ scope, scopes }) => scope === 'all' || scopes.length > 0,
  { message: 'Choose at least one', path: ['scopes'] },
);

/** The rules of `POST /v1/api-keys` and `PATCH /v1/api-keys/:id`; a spec compares them with the contracts. */
export const createKeySchema = z.object({ name, mode: z.enum(['live', 'test']), ...rules }).check(someChosen);
export type NewKey = z.output<typeof createKeySchema>;
export const editKeySchema = z.object({ name, ...rules }).check(someChosen);
export type ChangedKey = z.output<typeof editKeySchema>;

/** What the API is sent for these fields. */
export function inputOf({ scope, scopes, life, allowed_networks }: Omit<ChangedKey, 'name'>) {
  return {
    scopes: scope === 'all' ? null : scopes,
    allowed_networks: networksOf(allowed_networks),
    ...(life === 'keep' ? {} : life === 'none' ? { expires_at: null } : { expires_in_days: Number(life) }),
  };
}
