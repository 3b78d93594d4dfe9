import { type browserSessionSchema, csrfTokenOf } from '@gridworks/contracts';
import type { z } from 'zod';
import { presentUser, type User } from '../users/user.ts';
import { type Acting, presentActing } from './acting.ts';
import type { Session } from './session.ts';

/** A browser's session as pages get it. */
export function presentBrowserSession(
  session: Session,
  user: User,
  acting: Acting,
): z.output<typeof browserSessionSchema> {
  return {
    object: 'browser_session',
    id: session.id,
    created_at: session.created_at.toISOString(),
    expires_at: session.expires_at.toISOString(),
    ends_at: (session.ends_at ?? session.expires_at).toISOString(),
    csrf_token: csrfTokenOf(session.digest),
    ...presentActing(acting),
    user: presentUser(user),
  };
}
