import { isGrantable, type Permission, ruleOf } from '@gridworks/contracts';
import type { MatrixRoute } from './routes.ts';

/** Who calls, as far as it decides what they may do. Stated here once more, apart from the code under test. */
export type Standing =
  | { readonly kind: 'nobody' }
  /** The credential is wrong, over, revoked, or of a suspended partner: it opens nothing, with this code. */
  | { readonly kind: 'refused'; readonly code: string }
  /** `role`: as the table of permissions names it; `none` for a person without a partner. */
  | { readonly kind: 'person'; readonly role: string; readonly staleProof?: true; readonly bySso?: true }
  /** A role that a partner made of permissions. */
  | { readonly kind: 'custom'; readonly permissions: readonly string[] }
  /** `scopes` undefined: all that keys of the mode may do. */
  | { readonly kind: 'key'; readonly mode: 'live' | 'test'; readonly scopes?: readonly string[] }
  /** A machine of the partner with an access token. */
  | { readonly kind: 'service_account'; readonly scopes: readonly string[] }
  /** An application that a person of the partner with this role has let act for them, with an access token. */
  | { readonly kind: 'application'; readonly role: string; readonly scopes: readonly string[] }
  /** The directory of the partner, by a SCIM token. */
  | { readonly kind: 'directory' }
  /** A person of GridWorks who acts as an owner, for reading only. */
  | { readonly kind: 'impersonator' };

/** `pass`: the request reaches the checks of its input. Otherwise the code of the refusal. */
export type Outcome = 'pass' | string;

/** What a session of single sign-on does not do: it is its partner's, and the account is the person's. */
const NOT_BY_SSO: ReadonlySet<string> = new Set([
  ...['identity:write', 'memberships:read', 'memberships:write'],
  ...['second-factors:read', 'second-factors:write'],
]);

const UNAUTHENTICATED = 'PLATFORM.UNAUTHENTICATED';
const FORBIDDEN = 'PLATFORM.FORBIDDEN';
const STEP_UP = 'AUTH.STEP_UP_REQUIRED';

/** What must become of a request, by the table of permissions. */
export function expectOutcome(
  { permission, method, notImpersonated }: MatrixRoute,
  standing: Standing,
): Outcome {
  if (permission === 'public') return 'pass';
  if (standing.kind === 'refused') return standing.code;
  const { roles, keyScopes, personal, anonymous, stepUp, directory } = ruleOf(permission);
  const names: readonly string[] = roles;
  switch (standing.kind) {
    case 'nobody':
      return anonymous ? 'pass' : UNAUTHENTICATED;
    case 'key': {
      const { mode, scopes } = standing;
      return keyScopes.includes(mode) && (scopes?.includes(permission) ?? true) ? 'pass' : FORBIDDEN;
    }
    case 'service_account':
      return keyScopes.length > 0 && standing.scopes.includes(permission) ? 'pass' : FORBIDDEN;
    case 'application': {
      // Nothing about the person alone, nothing that needs a fresh proof, and nothing that the person may not do.
      const isTheirs = names.includes(standing.role) && !personal && !stepUp;
      return keyScopes.length > 0 && standing.scopes.includes(permission) && isTheirs ? 'pass' : FORBIDDEN;
    }
    case 'directory':
      return directory ? 'pass' : FORBIDDEN;
    case 'custom':
      if (personal || anonymous) return 'pass';
      return isGrantable(permission as Permission) && standing.permissions.includes(permission)
        ? 'pass'
        : FORBIDDEN;
    case 'impersonator':
      if (permission === 'impersonations:end') return 'pass';
      // What is read for a decision of the person's own is under the permission of the decision.
      if (method !== 'GET' || permission.endsWith(':write') || notImpersonated) return FORBIDDEN;
      return personal || anonymous || names.includes('owner') ? 'pass' : FORBIDDEN;
    case 'person':
      if (standing.bySso && NOT_BY_SSO.has(permission)) return FORBIDDEN;
      if (!personal && !anonymous && !names.includes(standing.role)) return FORBIDDEN;
      return stepUp && standing.staleProof ? STEP_UP : 'pass';
  }
}
