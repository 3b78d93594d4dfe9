import { z } from 'zod';
import { PERMISSIONS, type Permission, ruleOf } from '../contract/permissions.ts';

/** The scopes of API keys: the permissions that a key may hold. */
export const KEY_SCOPES = (Object.keys(PERMISSIONS) as Permission[]).filter(
  (permission) => ruleOf(permission).keyScopes.length > 0,
);

/** The largest number of networks that a key may be bound to. */
export const MAX_KEY_NETWORKS = 20;
/** The longest life that a key is given in days. */
export const MAX_KEY_DAYS = 3650;

/** What a key may do. `null`: everything that keys may do, also what is added later. */
export const keyScopesSchema = z
  .array(z.enum(KEY_SCOPES as [Permission, ...Permission[]]))
  .min(1)
  .max(KEY_SCOPES.length)
  .refine((names) => new Set(names).size === names.length, 'names a scope twice')
  .nullable()
  .meta({ examples: [['usage:read', 'tickets:read']] });

/** An IPv4 or IPv6 address, or a network in CIDR notation. */
const network = z.union(
  [
    z.cidrv4().meta({ examples: ['203.0.113.0/24'] }),
    z.cidrv6().meta({ examples: ['2001:db8::/32'] }),
    z.ipv4().meta({ examples: ['203.0.113.7'] }),
    z.ipv6().meta({ examples: ['2001:db8::7'] }),
  ],
  { error: 'expected an IPv4 or IPv6 address, or a network such as 203.0.113.0/24' },
);

/** The networks from which a key is accepted. An empty list: from everywhere. */
export const keyNetworksSchema = z
  .array(network)
  .max(MAX_KEY_NETWORKS)
  .meta({ examples: [['203.0.113.0/24', '2001:db8::/32']] });
