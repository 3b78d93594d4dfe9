import {
  type ApplicationKind,
  type applicationSchema,
  credentialDigest,
  newClientSecret,
  newId,
} from '@gridworks/contracts';
import type { z } from 'zod';

/** A row of `applications`: a service account, or a program that acts for persons. */
export interface Application {
  readonly id: string;
  readonly partner_id: string;
  readonly name: string;
  readonly kind: ApplicationKind;
  readonly redirect_uris: string[];
  readonly scopes: string[];
  /** Hex SHA-256 of the secret; the secret itself is not stored. Null for a native application, which has none. */
  readonly secret_digest: string | null;
  readonly secret_last4: string | null;
  /** The secret before, which works until its end. */
  readonly old_secret_digest: string | null;
  readonly old_secret_expires_at: Date | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
}

/** What the maker of an application decides. */
export type ApplicationOptions = Pick<
  Application,
  'name' | 'kind' | 'redirect_uris' | 'scopes' | 'partner_id'
>;

/** A new secret, and what is stored of it. Only the response to the caller that made it may contain the secret. */
export interface MadeSecret {
  readonly secret: string;
  readonly stored: Pick<Application, 'secret_digest' | 'secret_last4'>;
}

export function makeSecret(): MadeSecret {
  const secret = newClientSecret();
  return { secret, stored: { secret_digest: credentialDigest(secret), secret_last4: secret.slice(-4) } };
}

/** Makes an application; `secret` is null for a native one. */
export function makeApplication(
  options: ApplicationOptions,
  createdBy: string,
): { readonly application: Application; readonly secret: string | null } {
  const made = options.kind === 'native' ? null : makeSecret();
  const application = {
    id: newId('application'),
    ...options,
    ...(made?.stored ?? { secret_digest: null, secret_last4: null }),
    old_secret_digest: null,
    old_secret_expires_at: null,
    created_by: createdBy,
    created_at: new Date(),
    last_used_at: null,
    revoked_at: null,
  };
  return { application, secret: made?.secret ?? null };
}

/** An application as responses show it: with the last characters of its secret, never with a digest. */
export function presentApplication(one: Application): z.output<typeof applicationSchema> {
  return {
    object: 'application',
    id: one.id,
    name: one.name,
    kind: one.kind,
    redirect_uris: one.redirect_uris,
    scopes: one.scopes,
    secret_last4: one.secret_last4,
    old_secret_expires_at: one.old_secret_expires_at?.toISOString() ?? null,
    created_by: one.created_by,
    created_at: one.created_at.toISOString(),
    last_used_at: one.last_used_at?.toISOString() ?? null,
    revoked_at: one.revoked_at?.toISOString() ?? null,
  };
}
