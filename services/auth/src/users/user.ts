import type { userSchema } from '@gridworks/contracts';
import type { z } from 'zod';

/** A row of `users`. */
export interface User {
  readonly id: string;
  /** Null for admins, and for nobody else. */
  readonly partner_id: string | null;
  /** Lower case; unique whatever its case. */
  readonly email: string;
  /** PHC string of Argon2id. */
  readonly password_hash: string;
  readonly role: 'owner' | 'member' | 'admin';
  readonly created_at: Date;
}

/** A user as the world sees it: without the password's hash. */
export function presentUser({ id, partner_id, email, role, created_at }: User): z.output<typeof userSchema> {
  return { object: 'user', id, partner_id, email, role, created_at: created_at.toISOString() };
}
