/** The role of a logged-in person. */
export type Role = 'owner' | 'member' | 'admin';
/** The scope of an API key. Today a key has one scope: its mode. */
export type KeyScope = 'live' | 'test';

/** The holders of a permission. */
export interface PermissionRule {
  /** Persons with a session. `owner` and `member` belong to a partner, `admin` to GridWorks. */
  readonly roles: readonly Role[];
  /** API keys, which always belong to a partner. */
  readonly keyScopes: readonly KeyScope[];
  /**
   * Whether callers without a credential hold the permission, too. A credential is then optional, and is
   * verified when it is sent.
   */
  readonly anonymous?: true;
}

const PARTNER = ['owner', 'member'] as const;
const EVERYONE = ['owner', 'member', 'admin'] as const;
const ADMIN = ['admin'] as const;
const ANY_KEY = ['live', 'test'] as const;
const NO_KEY = [] as const;

/**
 * Every permission of the public API, and its holders. The gateway checks the permission before it forwards a
 * request, every service before its handler runs; OpenAPI shows it, and the test of all routes and callers is
 * made from this table.
 */
export const PERMISSIONS = {
  'identity:read': { roles: EVERYONE, keyScopes: ANY_KEY },
  'sessions:read': { roles: EVERYONE, keyScopes: NO_KEY },
  'sessions:end': { roles: EVERYONE, keyScopes: NO_KEY },
  'api-keys:read': { roles: PARTNER, keyScopes: NO_KEY },
  'api-keys:write': { roles: ['owner'], keyScopes: NO_KEY },
  'explorer-keys:write': { roles: PARTNER, keyScopes: NO_KEY },
  'plans:read': { roles: EVERYONE, keyScopes: ANY_KEY, anonymous: true },
  'usage:read': { roles: PARTNER, keyScopes: ANY_KEY },
  'tickets:read': { roles: PARTNER, keyScopes: ANY_KEY },
  'tickets:write': { roles: PARTNER, keyScopes: ANY_KEY },
  'service-incidents:read': { roles: PARTNER, keyScopes: ANY_KEY },
  'identity:write': { roles: EVERYONE, keyScopes: NO_KEY },
  'onboarding:read': { roles: PARTNER, keyScopes: NO_KEY },
  'audit:read': { roles: ['owner'], keyScopes: NO_KEY },
  'audit:read-all': { roles: ADMIN, keyScopes: NO_KEY },
  'partners:read': { roles: ADMIN, keyScopes: NO_KEY },
  'support-access:read': { roles: PARTNER, keyScopes: NO_KEY },
  'support-access:write': { roles: ['owner'], keyScopes: NO_KEY },
  'impersonations:write': { roles: ADMIN, keyScopes: NO_KEY },
  'impersonations:end': { roles: ['owner'], keyScopes: NO_KEY },
  'partners:suspend': { roles: ADMIN, keyScopes: NO_KEY },
  'healing:read': { roles: ADMIN, keyScopes: NO_KEY },
  'health:read': { roles: ADMIN, keyScopes: NO_KEY },
  'incidents:read': { roles: ADMIN, keyScopes: NO_KEY },
  'pauses:read': { roles: ADMIN, keyScopes: NO_KEY },
  'pauses:write': { roles: ADMIN, keyScopes: NO_KEY },
  'patterns:read': { roles: ADMIN, keyScopes: NO_KEY },
  'patterns:write': { roles: ADMIN, keyScopes: NO_KEY },
  'verdicts:read': { roles: ADMIN, keyScopes: NO_KEY },
  'verdicts:write': { roles: ADMIN, keyScopes: NO_KEY },
  'breakers:read': { roles: ADMIN, keyScopes: NO_KEY },
  'breakers:write': { roles: ADMIN, keyScopes: NO_KEY },
  'pools:read': { roles: ADMIN, keyScopes: NO_KEY },
  'pools:write': { roles: ADMIN, keyScopes: NO_KEY },
  'dead-letters:read': { roles: ADMIN, keyScopes: NO_KEY },
  'dead-letters:write': { roles: ADMIN, keyScopes: NO_KEY },
  'checks:read': { roles: ADMIN, keyScopes: NO_KEY },
  'checks:write': { roles: ADMIN, keyScopes: NO_KEY },
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

/** The rule of a permission. */
export const ruleOf = (permission: Permission): PermissionRule => PERMISSIONS[permission];
