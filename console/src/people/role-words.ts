import type { Person } from '../session/session.ts';

export type RoleName = Person['role'];

/** How the pages name a role, and what its holder does. */
export const ROLE_WORDS: Readonly<Record<RoleName, { readonly name: string; readonly what: string }>> = {
  owner: { name: 'Owner', what: 'Everything, and who else is an owner' },
  admin: { name: 'Admin', what: 'Everything but who is an owner' },
  developer: { name: 'Developer', what: 'Keys, the explorer, usage and tickets' },
  billing: { name: 'Billing', what: 'Usage, plans and tickets' },
  support: { name: 'Support', what: 'Tickets, and a look at the rest' },
  viewer: { name: 'Viewer', what: 'A look at everything, and no changes' },
  custom: { name: 'Own role', what: 'What the role contains' },
  platform_admin: { name: 'Platform admin', what: 'Everything of the platform, and its people' },
  platform_sre: { name: 'Platform SRE', what: 'Runs the platform' },
  platform_support: { name: 'Platform support', what: 'A look at the platform and its partners' },
  platform_auditor: { name: 'Platform auditor', what: 'A look at the platform and its partners' },
  none: { name: 'No partner', what: 'Belongs to no partner' },
};

/** The name of the role of a member, an invitation or a session. */
export const roleNameOf = ({
  role,
  custom_role,
}: {
  readonly role: RoleName;
  readonly custom_role?: { readonly name: string } | null;
}): string => custom_role?.name ?? ROLE_WORDS[role].name;
