import { ROLE_WORDS } from '../people/role-words.ts';

/** The roles that a new person may get, for a choice. */
export const DEFAULT_ROLES = (['viewer', 'developer', 'billing', 'support'] as const).map((role) => ({
  value: role,
  label: ROLE_WORDS[role].name,
}));
