import { type Access, PERMISSIONS, type Permission, type PermissionRule } from '../contract/permissions.ts';
import { AppError, FORBIDDEN, UNAUTHENTICATED } from '../values/app-error.ts';
import type { Principal } from './principal.ts';

/** What a principal is, as far as permissions go: one word, so that the check is one look into a set. */
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

/** Who holds a permission, in words: `a logged-in owner of the partner or an API key`. */
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

/** Null for whoever can hold no permission: nobody, a service, a person or key of no partner that should have one. */
function holderOf(principal: Principal): Holder | null {
  if (principal.kind === 'api_key') return principal.partner_id ? principal.mode : null;
  if (principal.kind !== 'session' || !principal.user_id || principal.role === 'none') return null;
  if (principal.role === 'admin') return 'admin';
  return principal.partner_id ? principal.role : null;
}

/**
 * Throws unless this may be asked on behalf of this principal: `PLATFORM.UNAUTHENTICATED` for nobody where somebody is
 * needed, `PLATFORM.FORBIDDEN` for somebody who may not. What is internal is asked on nobody's behalf: a call of an end
 * user must not reach it, whoever passes it on.
 */
export function authorize(contract: { readonly permission: Access }, principal: Principal | undefined): void {
  const { permission } = contract;
  if (permission === 'public') return;
  if (permission === 'internal') {
    if (principal) throw new AppError(FORBIDDEN, { detail: 'Only services may ask that.' });
    return;
  }
  const check = checks.get(permission);
  if (!principal || principal.kind === 'anonymous') {
    if (check?.anonymous) return;
    throw new AppError(UNAUTHENTICATED);
  }
  const holder = holderOf(principal);
  if (check && holder && check.holders.has(holder)) return;
  throw new AppError(FORBIDDEN, { detail: check?.refusal ?? 'There is no such permission.' });
}

/**
 * The partner of the caller, the only one whose data a handler may touch. The principal was authorized before the
 * handler ran; this throws UNAUTHENTICATED or FORBIDDEN where it has no partner all the same.
 */
export function partnerOf({ principal }: { readonly principal: CallerOf }): string {
  const { partner_id } = someone(principal);
  if (!partner_id) throw new AppError(FORBIDDEN, { detail: 'This is only for partners.' });
  return partner_id;
}

/** Who acts, for what is written down of it: the person, else the key. Throws UNAUTHENTICATED for nobody. */
export function actorOf({ principal }: { readonly principal: CallerOf }): string {
  const { user_id, id } = someone(principal);
  return user_id ?? id;
}

/** The caller, whoever it is. Throws UNAUTHENTICATED for nobody. */
export function callerOf({ principal }: { readonly principal: CallerOf }): Principal {
  return someone(principal);
}

type CallerOf = Principal | undefined;

function someone(principal: CallerOf): Principal {
  if (!principal || principal.kind === 'anonymous') throw new AppError(UNAUTHENTICATED);
  return principal;
}
