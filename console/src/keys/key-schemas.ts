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

const MOST_CALLS = 1_000_000_000;
/** A number of calls, as a field has it; empty for no limit. */
const calls = z.string().check(
  z.trim(),
  z.refine(
    (text) => text === '' || (/^\d{1,10}$/.test(text) && Number(text) >= 1),
    'A whole number from 1 on, or nothing',
  ),
  z.refine((text) => Number(text) <= MOST_CALLS, `At most ${MOST_CALLS}`),
);

/** A limit of a key's own. */
export interface KeyLimit {
  readonly name: string;
  readonly quota: number;
  readonly window_s: number;
}
/** The limits that the form has fields for, with their windows; others are set by the API and stay as they are. */
const FIELD_WINDOWS_S = { burst: 60, daily: 86_400 } as const;

/** The fields of the limits of a key. */
export const limitFields = (limits: readonly KeyLimit[]): { burst: string; daily: string } => {
  const fieldOf = (name: string) => String(limits.find((limit) => limit.name === name)?.quota ?? '');
  return { burst: fieldOf('burst'), daily: fieldOf('daily') };
};

function limitsOf(fields: { burst: string; daily: string }, others: readonly KeyLimit[]): KeyLimit[] {
  const own = (['burst', 'daily'] as const)
    .filter((name) => fields[name] !== '')
    .map((name) => ({ name, quota: Number(fields[name]), window_s: FIELD_WINDOWS_S[name] }));
  return [...own, ...others.filter(({ name }) => !(name in FIELD_WINDOWS_S))];
}

/** Further fields of a form of a key: what it may do, how long, how often, and from where. */
const rules = {
  scope: z.enum(['all', 'some']),
  scopes: z.array(z.enum(KEY_SCOPES)),
  life: z.enum(['keep', ...KEY_LIVES]),
  burst: calls,
  daily: calls,
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

/** What the API is sent for these fields. `before`: the limits that the key has. */
export function inputOf(
  { scope, scopes, life, allowed_networks, burst, daily }: Omit<ChangedKey, 'name'>,
  before: readonly KeyLimit[] = [],
) {
  return {
    scopes: scope === 'all' ? null : scopes,
    allowed_networks: networksOf(allowed_networks),
    limits: limitsOf({ burst, daily }, before),
    ...(life === 'keep' ? {} : life === 'none' ? { expires_at: null } : { expires_in_days: Number(life) }),
  };
}
