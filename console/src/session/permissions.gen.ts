// Generated from the contracts by console/generate/permissions.ts. `npm run check` fails when it is outdated.

/**
 * Which roles of users hold a permission. The API decides by the same table; menus and buttons follow this
 * one.
 */
export const ROLES_OF = {
  'identity:read': ['owner', 'member', 'admin'],
  'sessions:read': ['owner', 'member', 'admin'],
  'sessions:end': ['owner', 'member', 'admin'],
  'api-keys:read': ['owner', 'member'],
  'api-keys:write': ['owner'],
  'explorer-keys:write': ['owner', 'member'],
  'plans:read': ['owner', 'member', 'admin'],
  'usage:read': ['owner', 'member'],
  'tickets:read': ['owner', 'member'],
  'tickets:write': ['owner', 'member'],
  'service-incidents:read': ['owner', 'member'],
  'identity:write': ['owner', 'member', 'admin'],
  'onboarding:read': ['owner', 'member'],
  'audit:read': ['owner'],
  'audit:read-all': ['admin'],
  'partners:read': ['admin'],
  'support-access:read': ['owner', 'member'],
  'support-access:write': ['owner'],
  'impersonations:write': ['admin'],
  'impersonations:end': ['owner'],
  'partners:suspend': ['admin'],
  'healing:read': ['admin'],
  'health:read': ['admin'],
  'incidents:read': ['admin'],
  'pauses:read': ['admin'],
  'pauses:write': ['admin'],
  'patterns:read': ['admin'],
  'patterns:write': ['admin'],
  'verdicts:read': ['admin'],
  'verdicts:write': ['admin'],
  'breakers:read': ['admin'],
  'breakers:write': ['admin'],
  'pools:read': ['admin'],
  'pools:write': ['admin'],
  'dead-letters:read': ['admin'],
  'dead-letters:write': ['admin'],
  'checks:read': ['admin'],
  'checks:write': ['admin'],
} as const;
export type Permission = keyof typeof ROLES_OF;
