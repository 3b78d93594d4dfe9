import type { SSO_DEFAULT_ROLES, SSO_KINDS, SSO_STATES, ssoConnectionSchema } from '@gridworks/contracts';
import type { z } from 'zod';

type Public = z.output<typeof ssoConnectionSchema>;

/** A row of `sso_connections`: a partner's identity provider. */
export interface SsoConnection {
  readonly id: string;
  readonly partner_id: string;
  readonly kind: (typeof SSO_KINDS)[number];
  readonly name: string;
  readonly state: (typeof SSO_STATES)[number];
  /** What is not secret of the provider's settings, by kind. */
  readonly settings: NonNullable<Public['oidc'] | Public['saml']>;
  /** The client secret of OpenID Connect, sealed; null for SAML. */
  readonly secret: string | null;
  /** The role that a person gets by the first log-in. */
  readonly default_role: (typeof SSO_DEFAULT_ROLES)[number];
  readonly created_by: string;
  readonly created_at: Date;
  /** When the settings of the provider changed last. */
  readonly changed_at: Date;
  /** When the settings were tested as they are now. */
  readonly tested_at: Date | null;
  readonly enforced_at: Date | null;
}

/** How many connections a partner may have. */
export const MAX_CONNECTIONS = 10;

export const oidcOf = ({ kind, settings }: SsoConnection): Public['oidc'] =>
  kind === 'oidc' ? (settings as NonNullable<Public['oidc']>) : null;
export const samlOf = ({ kind, settings }: SsoConnection): Public['saml'] =>
  kind === 'saml' ? (settings as NonNullable<Public['saml']>) : null;

/** Whether persons can log in with it. */
export const isInUse = ({ state }: SsoConnection): boolean => state === 'tested' || state === 'enforced';

/** What the provider needs to know of the portal at this address. */
export function portalSide(portalUrl: string, id: string): Public['portal'] {
  const { origin } = new URL(portalUrl);
  return {
    redirect_uri: `${origin}/log-in/callback`,
    metadata_url: `${origin}/v1/saml/${id}/metadata`,
    acs_url: `${origin}/v1/saml/${id}/acs`,
  };
}

export function presentConnection(row: SsoConnection, portalUrl: string): Public {
  return {
    object: 'sso_connection',
    ...{ id: row.id, kind: row.kind, name: row.name, state: row.state },
    ...{ oidc: oidcOf(row), saml: samlOf(row) },
    default_role: row.default_role,
    portal: portalSide(portalUrl, row.id),
    created_at: row.created_at.toISOString(),
    tested_at: row.tested_at?.toISOString() ?? null,
    enforced_at: row.enforced_at?.toISOString() ?? null,
  };
}
