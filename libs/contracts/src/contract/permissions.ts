/** What a logged-in person is. */
export type Role = 'owner' | 'member' | 'admin';
/** What an API key opens. Today a key has one scope: its mode. */
export type KeyScope = 'live' | 'test';

/** Who holds a permission. */
export interface PermissionRule {
  /** Persons with a session. `owner` and `member` are of a partner, `admin` is of GridWorks. */
  readonly roles: readonly Role[];
  /** API keys, which are always of a partner. */
  readonly keyScopes: readonly KeyScope[];
  /** Whether nobody in particular holds it, too: then a credential may be given, and counts when it is. */
  readonly anonymous?: true;
}

const PARTNER = ['owner', 'member'] as const;
const EVERYONE = ['owner', 'member', 'admin'] as const;
const ADMIN = ['admin'] as const;
const ANY_KEY = ['live', 'test'] as const;
const NO_KEY = [] as const;

/**
 * Every permission of the public API, and who holds it. The gateway checks it before it forwards, every service
 * before its handler runs; OpenAPI shows it, and the test of all routes and callers is made from it.
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
  'partners:read': { roles: ADMIN, keyScopes: NO_KEY },
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
} as const satisfies Record<string, PermissionRule>;
export type Permission = keyof typeof PERMISSIONS;

/**
 * Who may call what has a public face. `public`: everybody, and a credential is not looked at, so that a stale one does
 * not keep anybody from logging in.
 */
export type PublicAccess = Permission | 'public';
/** Who may call anything. `internal`: only services, on nobody's behalf; the NATS allow-lists hold them. */
export type Access = PublicAccess | 'internal';

/** The rule of a permission. */
export const ruleOf = (permission: Permission): PermissionRule => PERMISSIONS[permission];
