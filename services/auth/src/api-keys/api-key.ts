import type { ApiKeyMode, apiKeySchema } from '@gridworks/contracts';
import type { z } from 'zod';

/** A key as the world sees it after it was made: its last four characters, never its digest. */
export function presentApiKey(key: {
  id: string;
  name: string;
  mode: ApiKeyMode;
  last4: string;
  createdAt: Date;
  revokedAt: Date | null;
}): z.output<typeof apiKeySchema> {
  return {
    object: 'api_key',
    id: key.id,
    name: key.name,
    mode: key.mode,
    last4: key.last4,
    created_at: key.createdAt.toISOString(),
    revoked_at: key.revokedAt?.toISOString() ?? null,
  };
}
