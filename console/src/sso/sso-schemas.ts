import * as z from 'zod/mini';
import type { Api } from '../api/portal.ts';

export type SsoConnection = Awaited<ReturnType<Api['ssoConnections']['list']>>['data'][number];
export const SSO_KEY = ['sso-connections'] as const;

const text = (most: number, missing: string) =>
  z.string().check(z.trim(), z.minLength(1, missing), z.maxLength(most, `At most ${most} characters`));

/** The rules of `POST /v1/sso-connections` for OpenID Connect; a spec compares them with the contract. */
export const oidcConnectionSchema = z.object({
  name: text(80, 'Enter a name'),
  issuer: text(500, 'Enter the issuer').check(z.url('This is no web address')),
  client_id: text(300, 'Enter the client id'),
  client_secret: text(500, 'Enter the client secret'),
  default_role: z.enum(['developer', 'billing', 'support', 'viewer']),
});
export type OidcConnection = z.output<typeof oidcConnectionSchema>;
