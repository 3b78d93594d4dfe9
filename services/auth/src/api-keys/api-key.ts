import {
  type ApiKeyMode,
  type apiKeySchema,
  credentialDigest,
  EXPLORER_KEY_LIFETIME_S,
  type KeyLimit,
  newApiKey,
  newId,
} from '@gridworks/contracts';
import type { z } from 'zod';

/** A row of `api_keys`, without the columns that only look-ups need. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly mode: ApiKeyMode;
  /** The use of the key: by a program of the partner, or by the API explorer. */
  readonly purpose: 'program' | 'explorer';
  /** Hex SHA-256 of the key; the key itself is not stored. */
  readonly digest: string;
  readonly last4: string;
  /** Whether the key was made elsewhere: only its digest was ever known here. */
  readonly imported: boolean;
  /** What the key may do; null for everything that keys may do. */
  readonly scopes: string[] | null;
  /** The networks from which the key is accepted; empty for everywhere. */
  readonly allowed_networks: string[];
  /** Limits of the key's own. */
  readonly limits: KeyLimit[];
  readonly created_by: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  /** When another key replaced this one. */
  readonly replaced_at: Date | null;
  readonly revoked_at: Date | null;
  /** When it was found in public. */
  readonly leaked_at: Date | null;
}

/** A key as responses show it: with its last four characters, never with its digest. */
export function presentApiKey(key: ApiKey): z.output<typeof apiKeySchema> {
  return {
    object: 'api_key',
    id: key.id,
    name: key.name,
    mode: key.mode,
    purpose: key.purpose,
    last4: key.last4,
    imported: key.imported,
    created_by: key.created_by,
    created_at: key.created_at.toISOString(),
    scopes: key.scopes,
    allowed_networks: key.allowed_networks,
    limits: key.limits,
    expires_at: key.expires_at?.toISOString() ?? null,
    replaced_at: key.replaced_at?.toISOString() ?? null,
    revoked_at: key.revoked_at?.toISOString() ?? null,
    leaked_at: key.leaked_at?.toISOString() ?? null,
  };
}

/** A new key and its secret. Only the response to the caller that made the key may contain the secret. */
export interface MadeApiKey {
  readonly key: ApiKey;
  readonly secret: string;
}

/** What the maker of a key decides. */
export type KeyOptions = Pick<
  ApiKey,
  'name' | 'mode' | 'scopes' | 'allowed_networks' | 'limits' | 'expires_at'
>;

/** Makes a new key for a program. */
export function makeApiKey(options: KeyOptions, createdBy: string): MadeApiKey {
  const secret = newApiKey(options.mode);
  const key = {
    id: newId('apiKey'),
    ...options,
    purpose: 'program' as const,
    digest: credentialDigest(secret),
    last4: secret.slice(-4),
    imported: false,
    created_by: createdBy,
    created_at: new Date(),
    replaced_at: null,
    revoked_at: null,
    leaked_at: null,
  };
  return { key, secret };
}

/** Makes a new key for the API explorer, in test mode and for an hour. */
export function makeExplorerKey(createdBy: string, scopes: string[] | null): MadeApiKey {
  const { key, secret } = makeApiKey(
    { name: 'API explorer', mode: 'test', scopes, allowed_networks: [], limits: [], expires_at: null },
    createdBy,
  );
  const expiresAt = new Date(key.created_at.getTime() + EXPLORER_KEY_LIFETIME_S * 1000);
  return { key: { ...key, purpose: 'explorer', expires_at: expiresAt }, secret };
}
