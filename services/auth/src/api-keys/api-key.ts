import type { ApiKeyMode, apiKeySchema } from '@gridworks/contracts';
import type { z } from 'zod';

/** A row of `api_keys`, without what only look-ups need. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly mode: ApiKeyMode;
  /** Hex SHA-256 of the key; the key itself is nowhere. */
  readonly digest: string;
  readonly last4: string;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

/** A key as the world sees it after it was made: its last four characters, never its digest. */
export function presentApiKey(key: ApiKey): z.output<typeof apiKeySchema> {
  return {
    object: 'api_key',
    id: key.id,
    name: key.name,
    mode: key.mode,
    last4: key.last4,
    created_at: key.created_at.toISOString(),
    revoked_at: key.revoked_at?.toISOString() ?? null,
  };
}
