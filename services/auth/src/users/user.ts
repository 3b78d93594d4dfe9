import type { userSchema } from '@gridworks/contracts';
import type { z } from 'zod';

/** A user as the world sees it: without the password's hash. */
export function presentUser(user: {
  id: string;
  partnerId: string | null;
  email: string;
  role: 'owner' | 'member' | 'admin';
  createdAt: Date;
}): z.output<typeof userSchema> {
  return {
    object: 'user',
    id: user.id,
    partner_id: user.partnerId,
    email: user.email,
    role: user.role,
    created_at: user.createdAt.toISOString(),
  };
}
