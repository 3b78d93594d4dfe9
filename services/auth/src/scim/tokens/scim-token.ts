import { credentialDigest, newId, newScimToken, type scimTokenSchema } from '@gridworks/contracts';
import type { z } from 'zod';

/** A row of `scim_tokens`. */
export interface ScimToken {
  readonly id: string;
  readonly partner_id: string;
  readonly name: string;
  /** Hex SHA-256 of the token; the token itself is not stored. */
  readonly digest: string;
  readonly last4: string;
  readonly created_by: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
}

/** How many tokens of a partner may be valid at a time: the old and the new one of two directories, and one more. */
export const MAX_SCIM_TOKENS = 5;
const DAY_MS = 86_400_000;

/** A new token and its secret, which only the response to its maker may contain. */
export function makeScimToken(
  partnerId: string,
  { name, days, by }: { readonly name: string; readonly days: number; readonly by: string },
): { row: ScimToken; secret: string } {
  const secret = newScimToken();
  const now = new Date();
  const row = {
    id: newId('scimToken', now.getTime()),
    partner_id: partnerId,
    name,
    digest: credentialDigest(secret),
    last4: secret.slice(-4),
    created_by: by,
    created_at: now,
    expires_at: new Date(now.getTime() + days * DAY_MS),
    revoked_at: null,
    last_used_at: null,
  };
  return { row, secret };
}

/** A token as responses show it: with its last four characters, never with its digest. */
export function presentScimToken(row: ScimToken): z.output<typeof scimTokenSchema> {
  return {
    object: 'scim_token',
    id: row.id,
    name: row.name,
    last4: row.last4,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    revoked_at: row.revoked_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
  };
}
