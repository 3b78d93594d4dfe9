import { z } from 'zod';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { PRINCIPAL_ROLES } from '../contract/permissions.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';

/** The verified caller. Travels between services signed by the gateway. */
export const principalSchema = z.object({
  /**
   * `service_account`: a machine of the partner with an access token. `application`: a person through an application.
   * `scim_token`: the directory of a partner. `anonymous` before login; `system` for a service that calls another without
   * a principal of a user.
   */
  kind: z.enum(['api_key', 'session', 'service_account', 'application', 'scim_token', 'anonymous', 'system']),
  /** Id of the key, session, application or SCIM token, or the name of the service. */
  id: z.string(),
  partner_id: idSchema('partner').nullable(),
  user_id: idSchema('user').nullable(),
  role: z.enum(PRINCIPAL_ROLES),
  /**
   * What a person with a role of the partner's own, a key with scopes, or an access token may do. Missing for every other
   * role, and for a key that may do everything that keys may do.
   */
  permissions: z.array(z.string()).optional(),
  /** Keys only: the mode of the key. Access tokens are live. */
  mode: z.enum(['live', 'test']).nullable(),
  /** The person of GridWorks who acts in the name of the partner. Sessions of an impersonation only. */
  impersonator: idSchema('user').optional(),
  /** Sessions of single sign-on only: the partner's connection that began it. */
  sso_connection_id: idSchema('ssoConnection').optional(),
  /** What the partner has granted to the impersonator. */
  access: z.enum(['read', 'write']).optional(),
  /** Sessions only: when their person last proved who they are. Missing counts as long ago. */
  authenticated_at: timestampSchema.optional(),
  /** Sessions of admins who must have a second factor and have logged in without one. */
  second_factor_missing: z.literal(true).optional(),
});
principalSchema.register(NAMED_SCHEMAS, { id: 'Principal' });
export type Principal = z.output<typeof principalSchema>;
