/** The roles that a partner gives to its people. Each person has one role in each partner. */
export const PARTNER_ROLES = ['owner', 'admin', 'developer', 'billing', 'support', 'viewer'] as const;
export type PartnerRole = (typeof PARTNER_ROLES)[number];
/** The roles of the people of GridWorks, who belong to no partner. */
export const PLATFORM_ROLES = [
  'platform_admin',
  'platform_sre',
  'platform_support',
  'platform_auditor',
] as const;
export type PlatformRole = (typeof PLATFORM_ROLES)[number];
/** The role of a logged-in person, as the table below names it. */
export type Role = PartnerRole | PlatformRole;
/**
 * The role of a principal: one of the table, `custom` for a role that a partner made of permissions, `none` for
 * a person without a partner and for everything that is no person.
 */
export const PRINCIPAL_ROLES = [...PARTNER_ROLES, 'custom', ...PLATFORM_ROLES, 'none'] as const;

/** The mode of an API key. */
export type KeyScope = 'live' | 'test';

/** The holders of a permission. */
export interface PermissionRule {
  /** Persons with a session. */
  readonly roles: readonly Role[];
  /** Whether every logged-in person holds the permission, whatever the role: it is about that person alone. */
  readonly personal?: true;
  /**
   * The modes of API keys that may hold the permission as a scope; keys always belong to a partner. Empty: no key
   * holds it.
   */
  readonly keyScopes: readonly KeyScope[];
  /** Whether the directory of a partner holds it, by a SCIM token. A SCIM token holds nothing else. */
  readonly directory?: true;
  /**
   * Whether callers without a credential hold the permission, too. A credential is then optional, and is
   * verified when it is sent.
   */
  readonly anonymous?: true;
  /**
   * Whether a person needs a fresh proof: the last log-in or step-up of the session is at most `STEP_UP_MS` old. For what a
   * thief of a session would do first. Not for what heals a system that cannot ask: then nobody could.
   */
  readonly stepUp?: true;
  /** Whether an admin holds it, too, who must have a second factor and has logged in without one. */
  readonly withoutSecondFactor?: true;
}

/** For how long a proof is fresh, in milliseconds. */
export const STEP_UP_MS = 10 * 60_000;

const EVERYONE = [...PARTNER_ROLES, ...PLATFORM_ROLES] as const;
/** Every role of a partner. */
const PARTNER = PARTNER_ROLES;
/** Those who run a partner. */
const LEADERS = ['owner', 'admin'] as const;
/** Those who build the partner's programs. */
const BUILDERS = ['owner', 'admin', 'developer'] as const;
/** All of a partner but those who only look. */
const WRITERS = ['owner', 'admin', 'developer', 'billing', 'support'] as const;
/** Those who see what a partner is charged. */
const ACCOUNTANTS = ['owner', 'admin', 'billing'] as const;
/** Every role of GridWorks. */
const PLATFORM = PLATFORM_ROLES;
/** Those who run the platform. */
const OPERATORS = ['platform_admin', 'platform_sre'] as const;
const PLATFORM_ADMIN = ['platform_admin'] as const;
/** Those who see what everybody did. */
const AUDITORS = ['platform_admin', 'platform_auditor'] as const;
/** Those who may act in the name of a partner that lets them. */
const SUPPORTERS = ['platform_admin', 'platform_support'] as const;
const NOBODY = [] as const;
const ANY_KEY = ['live', 'test'] as const;
const NO_KEY = [] as const;

/**
 * Every permission of the public API, and its holders. The gateway checks the permission before it forwards a
 * request, every service before its handler runs; OpenAPI shows it, and the test of all routes and callers is
 * made from this table.
 */
export const PERMISSIONS = {
  'identity:read': { roles: EVERYONE, keyScopes: ANY_KEY, personal: true, withoutSecondFactor: true },
  'sessions:read': { roles: EVERYONE, keyScopes: NO_KEY, personal: true, withoutSecondFactor: true },
  'sessions:end': { roles: EVERYONE, keyScopes: NO_KEY, personal: true, withoutSecondFactor: true },
  'sessions:step-up': { roles: EVERYONE, keyScopes: NO_KEY, personal: true, withoutSecondFactor: true },
  'second-factors:read': { roles: EVERYONE, keyScopes: NO_KEY, personal: true, withoutSecondFactor: true },
  'second-factors:write': {
    ...{ roles: EVERYONE, keyScopes: NO_KEY, personal: true },
    ...{ stepUp: true, withoutSecondFactor: true },
  },
  'api-keys:read': { roles: PARTNER, keyScopes: NO_KEY },
  'api-keys:write': { roles: BUILDERS, keyScopes: NO_KEY, stepUp: true },
  /** Without a fresh proof: whoever has seen that a key leaked revokes it at once. */
  'api-keys:revoke': { roles: BUILDERS, keyScopes: NO_KEY },
  'explorer-keys:write': { roles: BUILDERS, keyScopes: NO_KEY },
  'applications:read': { roles: PARTNER, keyScopes: NO_KEY },
  'applications:write': { roles: BUILDERS, keyScopes: NO_KEY, stepUp: true },
  'authorizations:read': { roles: EVERYONE, keyScopes: NO_KEY, personal: true },
  'authorizations:write': { roles: EVERYONE, keyScopes: NO_KEY, personal: true },
  'plans:read': { roles: EVERYONE, keyScopes: ANY_KEY, anonymous: true },
  'usage:read': { roles: PARTNER, keyScopes: ANY_KEY },
  'usage-events:write': { roles: BUILDERS, keyScopes: ANY_KEY },
  'billing:read': { roles: ACCOUNTANTS, keyScopes: NO_KEY },
  'billing:write': { roles: ACCOUNTANTS, keyScopes: NO_KEY, stepUp: true },
  'invoices:read-all': { roles: AUDITORS, keyScopes: NO_KEY },
  'invoices:write': { roles: PLATFORM_ADMIN, keyScopes: NO_KEY, stepUp: true },
  'credits:write': { roles: PLATFORM_ADMIN, keyScopes: NO_KEY, stepUp: true },
  'tickets:read': { roles: PARTNER, keyScopes: ANY_KEY },
  'tickets:write': { roles: WRITERS, keyScopes: ANY_KEY },
  'service-incidents:read': { roles: PARTNER, keyScopes: ANY_KEY },
  'identity:write': { roles: EVERYONE, keyScopes: NO_KEY, personal: true },
  'memberships:read': { roles: EVERYONE, keyScopes: NO_KEY, personal: true },
  'memberships:write': { roles: EVERYONE, keyScopes: NO_KEY, personal: true },
  'members:read': { roles: PARTNER, keyScopes: NO_KEY },
  'members:write': { roles: LEADERS, keyScopes: NO_KEY, stepUp: true },
  'roles:read': { roles: PARTNER, keyScopes: NO_KEY },
  'roles:write': { roles: LEADERS, keyScopes: NO_KEY, stepUp: true },
  'domains:read': { roles: PARTNER, keyScopes: NO_KEY },
  'domains:write': { roles: LEADERS, keyScopes: NO_KEY, stepUp: true },
  'scim:read': { roles: LEADERS, keyScopes: NO_KEY },
  'scim:manage': { roles: LEADERS, keyScopes: NO_KEY, stepUp: true },
  'scim:provision': { roles: NOBODY, keyScopes: NO_KEY, directory: true },
  'sso:read': { roles: LEADERS, keyScopes: NO_KEY },
  'sso:manage': { roles: LEADERS, keyScopes: NO_KEY, stepUp: true },
  'partner:write': { roles: LEADERS, keyScopes: NO_KEY },
  'ownership:write': { roles: ['owner'], keyScopes: NO_KEY, stepUp: true },
  'onboarding:read': { roles: PARTNER, keyScopes: NO_KEY },
  'audit:read': { roles: LEADERS, keyScopes: NO_KEY },
  'audit:read-all': { roles: AUDITORS, keyScopes: NO_KEY },
  'support-access:read': { roles: PARTNER, keyScopes: NO_KEY },
  'support-access:write': { roles: ['owner'], keyScopes: NO_KEY },
  'impersonations:write': { roles: SUPPORTERS, keyScopes: NO_KEY },
  'impersonations:end': { roles: ['owner'], keyScopes: NO_KEY },
  'partners:suspend': { roles: PLATFORM_ADMIN, keyScopes: NO_KEY },
  'payments:write': { roles: PLATFORM_ADMIN, keyScopes: NO_KEY, stepUp: true },
  'partners:read': { roles: PLATFORM, keyScopes: NO_KEY },
  'plan-versions:read': { roles: PLATFORM, keyScopes: NO_KEY },
  'plans:write': { roles: PLATFORM_ADMIN, keyScopes: NO_KEY, stepUp: true },
  'limits:write': { roles: PLATFORM_ADMIN, keyScopes: NO_KEY, stepUp: true },
  'platform-people:write': { roles: PLATFORM_ADMIN, keyScopes: NO_KEY, stepUp: true },
  'signing-keys:write': { roles: PLATFORM_ADMIN, keyScopes: NO_KEY, stepUp: true },
  'healing:read': { roles: PLATFORM, keyScopes: NO_KEY },
  'health:read': { roles: PLATFORM, keyScopes: NO_KEY },
  'incidents:read': { roles: PLATFORM, keyScopes: NO_KEY },
  'pauses:read': { roles: PLATFORM, keyScopes: NO_KEY },
  'pauses:write': { roles: OPERATORS, keyScopes: NO_KEY },
  'patterns:read': { roles: PLATFORM, keyScopes: NO_KEY },
  'patterns:write': { roles: OPERATORS, keyScopes: NO_KEY },
  'verdicts:read': { roles: PLATFORM, keyScopes: NO_KEY },
  'verdicts:write': { roles: OPERATORS, keyScopes: NO_KEY },
  'breakers:read': { roles: PLATFORM, keyScopes: NO_KEY },
  'breakers:write': { roles: OPERATORS, keyScopes: NO_KEY },
  'pools:read': { roles: PLATFORM, keyScopes: NO_KEY },
  'pools:write': { roles: OPERATORS, keyScopes: NO_KEY },
  'dead-letters:read': { roles: PLATFORM, keyScopes: NO_KEY },
  'dead-letters:write': { roles: OPERATORS, keyScopes: NO_KEY },
  'checks:read': { roles: PLATFORM, keyScopes: NO_KEY },
  'checks:write': { roles: OPERATORS, keyScopes: NO_KEY },
  'database:read': { roles: PLATFORM, keyScopes: NO_KEY },
  'database:write': { roles: OPERATORS, keyScopes: NO_KEY },
} as const satisfies Record<string, PermissionRule>;
export type Permission = keyof typeof PERMISSIONS;

/**
 * The permission of a request with an HTTP face. `public`: everyone may call it, and a credential is ignored,
 * so that an expired one does not prevent a log-in.
 */
export type PublicAccess = Permission | 'public';
/**
 * The permission of any request. `internal`: only services may send it, without a principal; the NATS
 * allow-lists enforce that.
 */
export type Access = PublicAccess | 'internal';

/**
 * Whether a partner may put a permission into a role of its own: those that its admins hold. What only an owner
 * may do, and what is about a person alone, is in no such role.
 */
export const isGrantable = (permission: Permission): boolean => {
  const { roles, personal } = ruleOf(permission);
  return !personal && roles.includes('admin');
};

/** Whether a role is one of GridWorks. */
export const isPlatformRole = (role: string): role is PlatformRole =>
  (PLATFORM_ROLES as readonly string[]).includes(role);

/** The rule of a permission. */
export const ruleOf = (permission: Permission): PermissionRule => PERMISSIONS[permission];
