import {
  type Access,
  isGrantable,
  isPlatformRole,
  PARTNER_ROLES,
  PERMISSIONS,
  type Permission,
  type PermissionRule,
  PLATFORM_ROLES,
  STEP_UP_MS,
} from '../contract/permissions.ts';
import { AppError, FORBIDDEN, UNAUTHENTICATED } from '../values/app-error.ts';
import type { Principal } from './principal.ts';
import { SECOND_FACTOR_MISSING, STEP_UP_REQUIRED } from './second-factor.errors.ts';

interface Check {
  /** Roles of persons and modes of keys, which share no word. */
  readonly holders: ReadonlySet<string>;
  readonly personal: boolean;
  readonly directory: boolean;
  readonly anonymous: boolean;
  /** Whether an access token may hold it as a scope: what keys may hold. */
  readonly isScope: boolean;
  readonly grantable: boolean;
  readonly refusal: string;
  readonly stepUp: boolean;
  readonly withoutSecondFactor: boolean;
}

/** The holders of a permission, in words: `a logged-in owner or admin of the partner, or an API key`. */
export function describeHolders({ roles, keyScopes, personal, directory }: PermissionRule): string {
  const ofPartner = PARTNER_ROLES.filter((role) => roles.includes(role));
  const ofPlatform = PLATFORM_ROLES.filter((role) => roles.includes(role));
  const names: string[] = [];
  if (personal) names.push('every logged-in person');
  else {
    if (ofPartner.length === PARTNER_ROLES.length) names.push('a logged-in person of the partner');
    else if (ofPartner.length > 0) names.push(`a logged-in ${inWords(ofPartner)} of the partner`);
    if (ofPlatform.length === PLATFORM_ROLES.length) names.push('a logged-in person of GridWorks');
    else if (ofPlatform.length > 0) names.push(`a person of GridWorks with the role ${inWords(ofPlatform)}`);
  }
  if (keyScopes.length > 0)
    names.push(keyScopes.length === 1 ? `an API key (${keyScopes[0]})` : 'an API key', 'an access token');
  if (directory) names.push('the directory of the partner (a SCIM token)');
  return inWords(names);
}

const inWords = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

const checks = new Map<Access, Check>(
  Object.entries<PermissionRule>(PERMISSIONS).map(([permission, rule]) => [
    permission as Permission,
    {
      holders: new Set<string>([...rule.roles, ...rule.keyScopes]),
      personal: rule.personal === true,
      directory: rule.directory === true,
      anonymous: rule.anonymous === true,
      isScope: rule.keyScopes.length > 0,
      grantable: isGrantable(permission as Permission),
      refusal: `This is for ${describeHolders(rule)}.`,
      stepUp: rule.stepUp === true,
      withoutSecondFactor: rule.withoutSecondFactor === true,
    },
  ]),
);

/**
 * Whether a principal holds a permission. A service holds none, and neither does a person or key without the
 * partner that it should have. A role of the partner's own and the scopes of a key or access token are lists of
 * permissions; none of them gives what a role of the partner's own may not contain, or what no key may do. A person
 * through an application holds nothing that is about that person alone, or that needs a fresh proof.
 */
function holds(check: Check, permission: Access, principal: Principal): boolean {
  const { kind, role, mode, permissions } = principal;
  if (kind === 'scim_token') return check.directory && principal.partner_id !== null;
  if (kind === 'service_account' || kind === 'application') {
    if (principal.partner_id === null || !check.isScope || !permissions?.includes(permission)) return false;
    return kind === 'service_account' ? true : Boolean(principal.user_id) && !check.personal && !check.stepUp;
  }
  if (kind === 'api_key') {
    const isKnown = principal.partner_id !== null && mode !== null;
    return isKnown && check.holders.has(mode) && (permissions?.includes(permission) ?? true);
  }
  if (kind !== 'session' || !principal.user_id) return false;
  if (check.personal || check.anonymous) return true;
  if (isPlatformRole(role)) return check.holders.has(role);
  if (!principal.partner_id || role === 'none') return false;
  if (role === 'custom') return check.grantable && (permissions?.includes(permission) ?? false);
  return check.holders.has(role);
}

/** Whether a key or an access token would hold the permission if its scopes contained it. */
function lacksScope(check: Check, permission: Access, principal: Principal): boolean {
  if (principal.kind === 'session' || principal.permissions?.includes(permission)) return false;
  return holds(check, permission, { ...principal, permissions: [permission] });
}

/** Whether a request with this permission may be sent on behalf of this principal. */
export function mayDo(permission: Permission, principal: Principal): boolean {
  const check = checks.get(permission);
  return check !== undefined && holds(check, permission, principal);
}

/** What `authorize` needs to know of a request. */
interface Authorized {
  readonly permission: Access;
  readonly http?: { readonly method: string };
  /** Whether nobody may send it in the name of a partner, although it only reads. */
  readonly notImpersonated?: boolean | undefined;
}

/** What nobody does in the name of a partner, whatever it has granted: credentials, passwords and the grants themselves. */
const NOT_IMPERSONATED: ReadonlySet<Access> = new Set<Access>([
  'api-keys:write',
  'api-keys:revoke',
  'domains:write',
  'applications:write',
  'authorizations:write',
  'explorer-keys:write',
  'identity:write',
  'memberships:write',
  'members:write',
  'ownership:write',
  'partner:write',
  'roles:write',
  'scim:manage',
  'second-factors:write',
  'sessions:end',
  'sessions:step-up',
  'sso:manage',
  'support-access:write',
]);

/**
 * What no session of single sign-on does: it is the partner's, and acts for that partner only. The account, and what its person is
 * elsewhere, belong to the person.
 */
export const NOT_BY_SSO = [
  'identity:write',
  'memberships:read',
  'memberships:write',
  'second-factors:read',
  'second-factors:write',
] as const satisfies readonly Access[];
const notBySso: ReadonlySet<Access> = new Set(NOT_BY_SSO);

/** Throws FORBIDDEN for what a session of single sign-on must not do. */
function refuseSso({ permission }: Authorized, { sso_connection_id }: Principal): void {
  if (sso_connection_id !== undefined && notBySso.has(permission))
    throw new AppError(FORBIDDEN, {
      detail:
        'A session of single sign-on acts for its partner only. Log in by yourself for what is about your account.',
    });
}

/** Throws FORBIDDEN for what the partner of an impersonator has not granted. */
function refuseImpersonated(
  { permission, http, notImpersonated }: Authorized,
  { impersonator, access }: Principal,
): void {
  if (impersonator === undefined || permission === 'impersonations:end') return;
  if (NOT_IMPERSONATED.has(permission) || notImpersonated)
    throw new AppError(FORBIDDEN, { detail: 'Nobody does this in the name of a partner.' });
  if (http?.method !== 'GET' && access !== 'write')
    throw new AppError(FORBIDDEN, { detail: 'The partner has granted support access for reading only.' });
}

/**
 * Throws unless a request may be sent on behalf of this principal: `PLATFORM.UNAUTHENTICATED` when a
 * principal is missing, `PLATFORM.FORBIDDEN` when the principal lacks the permission, `AUTH.STEP_UP_REQUIRED` when a
 * person must first prove again who they are, `AUTH.SECOND_FACTOR_MISSING` when an admin must first add a second factor.
 * An internal request has no principal: a call of an end user must not reach it, whichever service passes the call on.
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
  if (check && holds(check, permission, principal)) {
    refuseImpersonated(contract, principal);
    refuseSso(contract, principal);
    if (principal.kind === 'session' && !check.anonymous) checkProof(check, principal);
    return;
  }
  if (check && lacksScope(check, permission, principal))
    throw new AppError(FORBIDDEN, {
      detail: `This ${principal.kind === 'api_key' ? 'key' : 'access token'} lacks the scope ${permission}.`,
      details: { missing_scope: permission },
    });
  throw new AppError(FORBIDDEN, { detail: check?.refusal ?? 'There is no such permission.' });
}

/** What the log-in of a session proved, and when, must be enough for the permission. */
function checkProof({ stepUp, withoutSecondFactor }: Check, principal: Principal): void {
  if (principal.second_factor_missing && !withoutSecondFactor)
    throw new AppError(SECOND_FACTOR_MISSING, {
      detail: 'Add an authenticator app or a passkey at /v1/me/second-factors, or log in with yours.',
    });
  if (stepUp && !isFresh(principal))
    throw new AppError(STEP_UP_REQUIRED, {
      detail:
        'Prove again who you are: POST /v1/step-ups with your password, a code or a passkey. Then repeat this call.',
    });
}

/** Whether the last proof of the session is at most ten minutes old. */
function isFresh({ authenticated_at: provedAt }: Principal): boolean {
  return provedAt !== undefined && Date.now() - Date.parse(provedAt) <= STEP_UP_MS;
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
 * The only partner whose rows a request may see and change, also where its handler forgets to ask for them by partner.
 * Undefined, for the rows of every partner: the platform's people, services, and what everybody may do for themselves,
 * since a person may belong to several partners.
 */
export function tenantOf({ permission }: Authorized, principal: Principal | undefined): string | undefined {
  if (permission === 'public' || permission === 'internal') return undefined;
  return checks.get(permission)?.personal ? undefined : (principal?.partner_id ?? undefined);
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
