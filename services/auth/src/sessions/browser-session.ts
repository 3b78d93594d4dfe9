import { type browserSessionSchema, csrfTokenOf } from '@gridworks/contracts';
import type { z } from 'zod';
import { type Partner, presentPartner } from '../partners/partner.ts';
import { presentUser, type User } from '../users/user.ts';
import type { Session } from './session.ts';

/** A browser's session as pages get it. */
export function presentBrowserSession(
  session: Session,
  user: User,
  partner: Partner | null,
): z.output<typeof browserSessionSchema> {
  return {
    object: 'browser_session',
    id: session.id,
    created_at: session.created_at.toISOString(),
    expires_at: session.expires_at.toISOString(),
    ends_at: (session.ends_at ?? session.expires_at).toISOString(),
    csrf_token: csrfTokenOf(session.digest),
    role: user.role,
    user: presentUser(user),
    partner: partner && presentPartner(partner),
  };
}
