import { AppError } from '@gridworks/contracts';
import { UNKNOWN_VERSION } from '../problems/gateway.errors.ts';

/** The dated version of the public API that this door speaks. Inside a date it only gains things. */
export const PORTAL_VERSION = '2026-11-01';

/** Every date that a caller may ask for with `Portal-Version`. */
export const KNOWN_VERSIONS: readonly string[] = [PORTAL_VERSION];

/** Refuses a `Portal-Version` that this server does not speak with `GATEWAY.UNKNOWN_VERSION`. */
export function checkVersion(header: string): void {
  if (KNOWN_VERSIONS.includes(header)) return;
  throw new AppError(UNKNOWN_VERSION, {
    detail: `Portal-Version may be ${KNOWN_VERSIONS.join(', ')}, or be left out.`,
  });
}
