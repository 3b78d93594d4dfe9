import {
  CREDENTIAL_REFUSED,
  DEADLINE_EXCEEDED,
  type ErrorDefinition,
  FORBIDDEN,
  INTERNAL,
  INVALID_INPUT,
  RESPONSE_TOO_LARGE,
  UNAUTHENTICATED,
  UNAVAILABLE,
} from '@gridworks/contracts';
import {
  BODY_MALFORMED,
  BODY_TOO_LARGE,
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

/** Every error that a call of this route may end with, by status. */
export function errorsOf(route: PublicRoute): Map<number, ErrorDefinition[]> {
  const { contract, callers, internal } = route.declaration;
  const possible: ErrorDefinition[] = [...(contract?.errors ?? [])];
  if (contract) possible.push(INVALID_INPUT, UNAVAILABLE, DEADLINE_EXCEEDED, RESPONSE_TOO_LARGE);
  if (!internal)
    possible.push(
      REQUEST_MALFORMED,
      UNKNOWN_VERSION,
      QUOTA_EXCEEDED,
      TOO_MANY_OPEN_REQUESTS,
      OVERLOADED,
      INTERNAL,
    );
  if (route.readsBody) possible.push(BODY_MALFORMED, BODY_TOO_LARGE, MEDIA_TYPE_UNSUPPORTED);
  if (!route.isOpen) possible.push(UNAUTHENTICATED, CREDENTIAL_REFUSED, FORBIDDEN, UNAVAILABLE);
  if (callers.includes('api_key')) possible.push(METERING_UNAVAILABLE, METERING_FAILED);
  const byStatus = new Map<number, ErrorDefinition[]>();
  for (const error of new Set(possible)) {
    const status = statusOf(error);
    byStatus.set(status, [...(byStatus.get(status) ?? []), error]);
  }
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}
