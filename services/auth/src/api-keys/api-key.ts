import {
  type ApiKeyMode,
  type apiKeySchema,
  credentialDigest,
  EXPLORER_KEY_LIFETIME_S,
  newApiKey,
  newId,
} from '@gridworks/contracts';
import type { z } from 'zod';

/** A row of `api_keys`, without what only look-ups need. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly mode: ApiKeyMode;
  /** Who it was made for: a program of the partner, or the API explorer. */
  readonly purpose: 'program' | 'explorer';
  /** Hex SHA-256 of the key; the key itself is nowhere. */
  readonly digest: string;
  readonly last4: string;
  readonly created_by: string;
  readonly created_at: Date;
  /** When a key ends by itself: one that was replaced, or one of the explorer. */
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
}

/** A key as the world sees it after it was made: its last four characters, never its digest. */
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

/** A new key, and the secret that only the response to whoever made it may hold. */
export interface MadeApiKey {
  readonly key: ApiKey;
  readonly secret: string;
}

/** A new key of a program. */
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

/** A new key of the API explorer: in test mode, and over after an hour. */
export function makeExplorerKey(createdBy: string): MadeApiKey {
  const { key, secret } = makeApiKey('API explorer', 'test', createdBy);
  const expiresAt = new Date(key.created_at.getTime() + EXPLORER_KEY_LIFETIME_S * 1000);
  return { key: { ...key, purpose: 'explorer', expires_at: expiresAt }, secret };
}
