import {
  BUDGET_REACHED,
  CREDENTIAL_REFUSED,
  DEADLINE_EXCEEDED,
  type ErrorDefinition,
  FORBIDDEN,
  INTERNAL,
  INVALID_INPUT,
  NETWORK_NOT_ALLOWED,
  PARTNER_SUSPENDED,
  REDUCED_CAPACITY,
  RESPONSE_TOO_LARGE,
  ruleOf,
  SECOND_FACTOR_MISSING,
  STEP_UP_REQUIRED,
  UNAUTHENTICATED,
  UNAVAILABLE,
} from '@gridworks/contracts';
import {
  BODY_MALFORMED,
  BODY_TOO_LARGE,
  CROSS_SITE,
  CSRF_TOKEN_WRONG,
  EXPECTATION_FAILED,
  MEDIA_TYPE_UNSUPPORTED,
  METERING_FAILED,
  METERING_UNAVAILABLE,
  OVERLOADED,
  QUOTA_EXCEEDED,
  REQUEST_MALFORMED,
  TOO_MANY_OPEN_REQUESTS,
  UNKNOWN_VERSION,
} from '../problems/gateway.errors.ts';
import { statusOf } from '../problems/problem-details.ts';
import type { PublicRoute } from '../routing/route-declaration.ts';
import { keyMayCall, personMayCall } from './describe-permission.ts';

/** Every error that a call of this route may end with, by status. */
export function errorsOf(route: PublicRoute): Map<number, ErrorDefinition[]> {
  const { contract } = route;
  const possible: ErrorDefinition[] = [...(contract?.errors ?? [])];
  if (contract)
    possible.push(INVALID_INPUT, UNAVAILABLE, REDUCED_CAPACITY, DEADLINE_EXCEEDED, RESPONSE_TOO_LARGE);
  if (route.isListed)
    possible.push(
      REQUEST_MALFORMED,
      EXPECTATION_FAILED,
      UNKNOWN_VERSION,
      QUOTA_EXCEEDED,
      TOO_MANY_OPEN_REQUESTS,
      OVERLOADED,
      INTERNAL,
    );
  if (route.readsBody) possible.push(BODY_MALFORMED, BODY_TOO_LARGE, MEDIA_TYPE_UNSUPPORTED);
  if (!route.takesNobody) possible.push(UNAUTHENTICATED);
  if (!route.isOpen) possible.push(CREDENTIAL_REFUSED, PARTNER_SUSPENDED, FORBIDDEN, UNAVAILABLE);
  if (personMayCall(route))
    possible.push(CROSS_SITE, ...(route.http.method === 'GET' ? [] : [CSRF_TOKEN_WRONG]));
  possible.push(...errorsOfProof(route));
  if (keyMayCall(route)) possible.push(NETWORK_NOT_ALLOWED, METERING_UNAVAILABLE, METERING_FAILED);
  if (keyMayCall(route) && !route.isNeverStopped) possible.push(BUDGET_REACHED);
  const byStatus = new Map<number, ErrorDefinition[]>();
  for (const error of new Set(possible)) {
    const status = statusOf(error);
    byStatus.set(status, [...(byStatus.get(status) ?? []), error]);
  }
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}

/** What a session may lack beside the permission. */
function errorsOfProof({ permission }: PublicRoute): ErrorDefinition[] {
  if (permission === 'public') return [];
  const { roles, stepUp, withoutSecondFactor } = ruleOf(permission);
  return [
    ...(stepUp ? [STEP_UP_REQUIRED] : []),
    ...(roles.includes('admin') && !withoutSecondFactor ? [SECOND_FACTOR_MISSING] : []),
  ];
}
