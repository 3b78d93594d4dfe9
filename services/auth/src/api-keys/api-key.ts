import {
  type ApiKeyMode,
  type apiKeySchema,
  credentialDigest,
  EXPLORER_KEY_LIFETIME_S,
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
  readonly created_by: string;
  readonly created_at: Date;
  /** When a replaced key, or a key of the API explorer, expires. */
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
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
    created_by: key.created_by,
    created_at: key.created_at.toISOString(),
    expires_at: key.expires_at?.toISOString() ?? null,
    revoked_at: key.revoked_at?.toISOString() ?? null,
  };
}

/** A new key and its secret. Only the response to the caller that made the key may contain the secret. */
export interface MadeApiKey {
  readonly key: ApiKey;
  readonly secret: string;
}

/** Makes a new key for a program. */
export function makeApiKey(name: string, mode: ApiKeyMode, createdBy: string): MadeApiKey {
  const secret = newApiKey(mode);
  const key = {
    id: newId('apiKey'),
    name,
    mode,
    purpose: 'program' as const,
    digest: credentialDigest(secret),
    last4: secret.slice(-4),
    created_by: createdBy,
    created_at: new Date(),
    expires_at: null,
    revoked_at: null,
  };
  return { key, secret };
}

/** Makes a new key for the API explorer, in test mode and for an hour. */
export function makeExplorerKey(createdBy: string): MadeApiKey {
  const { key, secret } = makeApiKey('API explorer', 'test', createdBy);
  const expiresAt = new Date(key.created_at.getTime() + EXPLORER_KEY_LIFETIME_S * 1000);
  return { key: { ...key, purpose: 'explorer', expires_at: expiresAt }, secret };
}
