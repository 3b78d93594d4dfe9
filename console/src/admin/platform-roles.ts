import { ROLE_WORDS } from '../people/role-words.ts';

export const PLATFORM_ROLES = [
  'platform_admin',
  'platform_sre',
  'platform_support',
  'platform_auditor',
] as const;
export type PlatformRole = (typeof PLATFORM_ROLES)[number];

/** The roles of GridWorks, for a select field. */
export const PLATFORM_ROLE_CHOICE = PLATFORM_ROLES.map((value) => ({
  value,
  label: `${ROLE_WORDS[value].name}: ${ROLE_WORDS[value].what.toLowerCase()}`,
}));
