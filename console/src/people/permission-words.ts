const THINGS: Readonly<Record<string, string>> = {
  'api-keys': 'API keys',
  'explorer-keys': 'keys of the API explorer',
  applications: 'service accounts and applications',
  usage: 'usage',
  tickets: 'tickets',
  'service-incidents': 'incidents of the platform',
  members: 'members and invitations',
  roles: 'roles',
  domains: 'the partner’s domains',
  scim: 'provisioning by the directory',
  sso: 'single sign-on',
  partner: 'the partner’s name',
  ownership: 'who the owner is',
  onboarding: 'the first steps',
  plans: 'plans',
};
const VERBS: Readonly<Record<string, string>> = {
  read: 'See',
  write: 'Change',
  manage: 'Set up',
  revoke: 'Revoke',
};

/** `See tickets`, of `tickets:read`. A permission without words here is shown as it is. */
export function permissionWords(permission: string): string {
  const [thing = '', verb = ''] = permission.split(':');
  const words = THINGS[thing] ?? thing.replaceAll('-', ' ');
  return `${VERBS[verb] ?? verb} ${words}`;
}
