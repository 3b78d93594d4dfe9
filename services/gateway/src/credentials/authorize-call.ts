import { AppError, FORBIDDEN, type Principal } from '@gridworks/contracts';
import type { Caller, PublicRoute } from '../routing/route-declaration.ts';

/** Which kind of caller a verified principal is, or null when it may call nothing here. */
export function callerOf(principal: Principal): Caller | null {
  if (principal.kind === 'api_key') return 'api_key';
  if (principal.kind !== 'session') return null;
  return principal.role === 'admin' ? 'admin' : 'session';
}

/** Throws `PLATFORM.FORBIDDEN` when the route is not for this caller. */
export function authorizeCall(route: PublicRoute, principal: Principal): void {
  const caller = callerOf(principal);
  if (caller && route.declaration.callers.includes(caller)) return;
  throw new AppError(FORBIDDEN, { detail: `This is for ${nameCallers(route.declaration.callers)}.` });
}

const names: Readonly<Record<Caller, string>> = {
  anonymous: 'everybody',
  session: 'a logged-in person of a partner',
  api_key: 'an API key',
  admin: 'a logged-in admin',
};

function nameCallers(callers: readonly Caller[]): string {
  return callers.map((caller) => names[caller]).join(' or ');
}
