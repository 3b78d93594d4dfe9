import type { userSchema } from '@gridworks/contracts';
import type { z } from 'zod';

/** A row of `users`. */
export interface User {
  readonly id: string;
  /** Null for admins only. */
  readonly partner_id: string | null;
  /** In lower case; unique without regard to case. */
  readonly email: string;
  /** PHC string of Argon2id. */
  readonly password_hash: string;
  readonly role: 'owner' | 'member' | 'admin';
  readonly created_at: Date;
  readonly name: string | null;
  readonly locale: string | null;
  readonly zone: string | null;
  readonly theme: Theme | null;
}

export type Theme = 'light' | 'dark' | 'system';

/** The preferences of a user who has not set any. */
export const NO_PREFERENCES = { name: null, locale: null, zone: null, theme: null } as const;

/** A user as responses show it: without the hash of the password. */
export function presentUser(user: User): z.output<typeof userSchema> {
  const { id, partner_id, email, role, name, locale, zone, theme, created_at } = user;
  return {
    object: 'user',
    ...{ id, partner_id, email, role, name, locale, zone, theme },
    created_at: created_at.toISOString(),
  };
}
