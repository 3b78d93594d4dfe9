import type { passkeySchema } from '@gridworks/contracts';
import type { z } from 'zod';

/** Passkeys of a person. */
export const MOST_PASSKEYS = 20;

/** A row of `passkeys`. */
export interface Passkey {
  readonly id: string;
  readonly user_id: string;
  /** The id that its device gave it, in base64url. */
  readonly credential_id: string;
  /** COSE key, in base64url. */
  readonly public_key: string;
  /** The signature counter of the device, or 0 for devices that do not count; `bigint` of PostgreSQL. */
  readonly counter: string;
  readonly transports: readonly string[];
  readonly synced: boolean;
  readonly name: string;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
}

/** A passkey as its person gets it. */
export function presentPasskey(passkey: Passkey): z.output<typeof passkeySchema> {
  const { id, name, synced, created_at, last_used_at } = passkey;
  return {
    object: 'passkey',
    ...{ id, name, synced },
    created_at: created_at.toISOString(),
    last_used_at: last_used_at?.toISOString() ?? null,
  };
}

/** A passkey as options of WebAuthn name it. */
export const descriptorOf = ({ credential_id: id, transports }: Passkey) => ({
  id,
  type: 'public-key' as const,
  transports: [...transports],
});
