import { AppError } from '@gridworks/contracts';
import { UNKNOWN_VERSION } from '../problems/gateway.errors.ts';

/**
 * The dated version of the public API that this gateway serves. Within one date the API only gains members.
 */
export const PORTAL_VERSION = '2026-11-01';

/** Every date that a caller may send in `Portal-Version`. */
export const KNOWN_VERSIONS: readonly string[] = [PORTAL_VERSION];

/** Refuses an unknown `Portal-Version` with `GATEWAY.UNKNOWN_VERSION`. */
export function checkVersion(header: string): void {
  if (KNOWN_VERSIONS.includes(header)) return;
  throw new AppError(UNKNOWN_VERSION, {
    detail: `Portal-Version may be ${KNOWN_VERSIONS.join(', ')}, or be left out.`,
  });
}
