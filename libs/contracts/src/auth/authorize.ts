import { AppError, FORBIDDEN, UNAUTHENTICATED } from '../app-error.ts';
import type { Principal } from './principal.ts';

/** Who calls; `undefined` when nobody vouched for the caller. Throws `PLATFORM.UNAUTHENTICATED` for nobody and for `anonymous`. */
export function requireCaller(principal: Principal | undefined): Principal {
  if (!principal || principal.kind === 'anonymous') throw new AppError(UNAUTHENTICATED);
  return principal;
}

/** The partner on whose behalf the call is made. Throws UNAUTHENTICATED, or FORBIDDEN for a caller of no partner. */
export function requirePartner(principal: Principal | undefined): string {
  const { partner_id } = requireCaller(principal);
  if (!partner_id) throw new AppError(FORBIDDEN, { detail: 'This is only for partners.' });
  return partner_id;
}

/** The partner whose owner is logged in. A key, a member and an admin get FORBIDDEN. */
export function requireOwnerSession(principal: Principal | undefined): { partnerId: string; userId: string } {
  const caller = requireCaller(principal);
  if (caller.kind !== 'session' || caller.role !== 'owner' || !caller.partner_id || !caller.user_id)
    throw new AppError(FORBIDDEN, { detail: 'Only a logged-in owner of the partner may do that.' });
  return { partnerId: caller.partner_id, userId: caller.user_id };
}
