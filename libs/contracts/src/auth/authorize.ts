import { type Access, PERMISSIONS, type Permission, type PermissionRule } from '../contract/permissions.ts';
import { AppError, FORBIDDEN, UNAUTHENTICATED } from '../values/app-error.ts';
import type { Principal } from './principal.ts';

/**
 * The kind of a principal, as far as permissions are concerned: one word, so that the check is one look-up in
 * a set.
 */
type Holder = 'owner' | 'member' | 'admin' | 'live' | 'test';

interface Check {
  readonly holders: ReadonlySet<Holder>;
  readonly anonymous: boolean;
  readonly refusal: string;
}

const HOLDER_NAMES = {
  owner: 'a logged-in owner of the partner',
  member: 'a logged-in member of the partner',
  admin: 'a logged-in admin',
} as const;

/** The holders of a permission, in words: `a logged-in owner of the partner or an API key`. */
export function describeHolders({ roles, keyScopes }: PermissionRule): string {
  const names: string[] = roles.map((role) => HOLDER_NAMES[role]);
  if (keyScopes.length > 0)
    names.push(keyScopes.length === 1 ? `an API key (${keyScopes[0]})` : 'an API key');
  return names.join(' or ');
}

const checks = new Map<Access, Check>(
  Object.entries<PermissionRule>(PERMISSIONS).map(([permission, rule]) => [
    permission as Permission,
    {
      holders: new Set<Holder>([...rule.roles, ...rule.keyScopes]),
      anonymous: rule.anonymous === true,
      refusal: `This is for ${describeHolders(rule)}.`,
    },
  ]),
);

/**
 * Null for a principal that can hold no permission: no credential, a service, or a person or key without the
 * partner that it should have.
 */
function holderOf(principal: Principal): Holder | null {
  if (principal.kind === 'api_key') return principal.partner_id ? principal.mode : null;
  if (principal.kind !== 'session' || !principal.user_id || principal.role === 'none') return null;
  if (principal.role === 'admin') return 'admin';
  return principal.partner_id ? principal.role : null;
}

/** What `authorize` needs to know of a request. */
interface Authorized {
  readonly permission: Access;
  readonly http?: { readonly method: string };
}

/** What nobody does in the name of a partner, whatever it has granted: credentials, passwords and the grants themselves. */
const NOT_IMPERSONATED: ReadonlySet<Access> = new Set<Access>([
  'api-keys:write',
  'explorer-keys:write',
  'identity:write',
  'sessions:end',
  'support-access:write',
]);

/** Throws FORBIDDEN for what the partner of an impersonator has not granted. */
function refuseImpersonated({ permission, http }: Authorized, { impersonator, access }: Principal): void {
  if (impersonator === undefined || permission === 'impersonations:end') return;
  if (NOT_IMPERSONATED.has(permission))
    throw new AppError(FORBIDDEN, { detail: 'Nobody does this in the name of a partner.' });
  if (http?.method !== 'GET' && access !== 'write')
    throw new AppError(FORBIDDEN, { detail: 'The partner has granted support access for reading only.' });
}

/**
 * Throws unless a request may be sent on behalf of this principal: `PLATFORM.UNAUTHENTICATED` when a
 * principal is missing, `PLATFORM.FORBIDDEN` when the principal lacks the permission. An internal request has
 * no principal: a call of an end user must not reach it, whichever service passes the call on.
 */
export function authorize(contract: Authorized, principal: Principal | undefined): void {
  const { permission } = contract;
  if (permission === 'public') return;
  if (permission === 'internal') {
    if (principal) throw new AppError(FORBIDDEN, { detail: 'Only services may send this request.' });
    return;
  }
  const check = checks.get(permission);
  if (!principal || principal.kind === 'anonymous') {
    if (check?.anonymous) return;
    throw new AppError(UNAUTHENTICATED);
  }
  const holder = holderOf(principal);
  if (check && holder && check.holders.has(holder)) {
    refuseImpersonated(contract, principal);
    return;
  }
  throw new AppError(FORBIDDEN, { detail: check?.refusal ?? 'There is no such permission.' });
}

/**
 * The partner of the caller, the only one whose data a handler may touch. The principal was authorized before
 * the handler runs; this function throws UNAUTHENTICATED or FORBIDDEN when the principal still has no
 * partner.
 */
export function partnerOf({ principal }: { readonly principal: CallerOf }): string {
  const { partner_id } = someone(principal);
  if (!partner_id) throw new AppError(FORBIDDEN, { detail: 'This is only for partners.' });
  return partner_id;
}

/**
 * The actor, for records of what was done: the person, else the key. Throws UNAUTHENTICATED without a
 * principal.
 */
export function actorOf({ principal }: { readonly principal: CallerOf }): string {
  const { user_id, id } = someone(principal);
  return user_id ?? id;
}

/** The principal of the caller. Throws UNAUTHENTICATED when there is none. */
export function callerOf({ principal }: { readonly principal: CallerOf }): Principal {
  return someone(principal);
}

type CallerOf = Principal | undefined;

function someone(principal: CallerOf): Principal {
  if (!principal || principal.kind === 'anonymous') throw new AppError(UNAUTHENTICATED);
  return principal;
}
