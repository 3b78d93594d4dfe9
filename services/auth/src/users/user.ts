import type { PlatformRole, userSchema } from '@gridworks/contracts';
import type { z } from 'zod';

/** A row of `users`. */
export interface User {
  readonly id: string;
  /** In lower case; unique without regard to case. */
  readonly email: string;
  /** PHC string of Argon2id. Null for a person who has removed the password. */
  readonly password_hash: string | null;
  /** The role of a person of GridWorks; null for everyone else. */
  readonly platform_role: PlatformRole | null;
  /** When the person showed to read the mail of the address. */
  readonly email_confirmed_at: Date | null;
  /** The partner of the newest session. */
  readonly last_partner_id: string | null;
  readonly created_at: Date;
  readonly name: string | null;
  readonly locale: string | null;
  readonly zone: string | null;
  readonly theme: Theme | null;
}

export type Theme = 'light' | 'dark' | 'system';

/** The preferences of a user who has not set any. */
export const NO_PREFERENCES = { name: null, locale: null, zone: null, theme: null } as const;

/** The columns of `users` that make a `User`. */
export const USER_COLUMNS =
  'id, email, password_hash, platform_role, email_confirmed_at, last_partner_id, created_at, name, locale, zone, theme';

/** A user as responses show it: without the hash of the password. */
export function presentUser(user: User): z.output<typeof userSchema> {
  const { id, email, platform_role, name, locale, zone, theme, created_at } = user;
  return {
    object: 'user',
    ...{ id, email, platform_role, name, locale, zone, theme },
    email_confirmed_at: user.email_confirmed_at?.toISOString() ?? null,
    created_at: created_at.toISOString(),
  };
}
