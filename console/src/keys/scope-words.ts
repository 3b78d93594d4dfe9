import type { KeyScope } from '../session/may-do.ts';

/** What a scope permits, in words. */
export const SCOPE_WORDS: Readonly<Record<KeyScope, string>> = {
  'identity:read': 'Read whose credential this is',
  'plans:read': 'Read plans',
  'usage:read': 'Read usage',
  'usage-events:write': 'Report usage of your own systems',
  'tickets:read': 'Read tickets',
  'tickets:write': 'Open and move tickets',
  'service-incidents:read': 'Read incidents of the services',
};
