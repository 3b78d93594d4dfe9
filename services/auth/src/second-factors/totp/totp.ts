import { Secret, TOTP } from 'otpauth';

/** RFC 6238 as every authenticator app has it: SHA-1, six digits, thirty seconds. */
const STEP_MS = 30_000;
const PARAMETERS = { issuer: 'GridWorks', algorithm: 'SHA1', digits: 6, period: STEP_MS / 1000 } as const;
/** How many steps a clock may be ahead or behind. */
const WINDOW = 1;
/** RFC 4226, section 4: 160 bits. */
const SECRET_BYTES = 20;

/** A row of `totp_factors`. */
export interface TotpFactor {
  readonly user_id: string;
  /** The secret in base32, sealed by `SecretBox`. */
  readonly secret: string;
  readonly created_at: Date;
  /** Null until its person has sent a code: it does not count before. */
  readonly confirmed_at: Date | null;
  readonly last_used_at: Date | null;
  /** The time step of the last code that counted, as a number of steps since 1970; `bigint` of PostgreSQL. */
  readonly last_step: string | null;
}

/** A new secret, in base32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** The text of the QR code, `otpauth://totp/GridWorks:ada@example.com?…`. */
export function totpUri(secret: string, email: string): string {
  return totpOf(secret, email).toString();
}

/** The time step that a code is of; null for a code of no step within a step of `now`. */
export function stepOf(secret: string, code: string, now: number): number | null {
  const delta = totpOf(secret).validate({ token: code, timestamp: now, window: WINDOW });
  return delta === null ? null : Math.floor(now / STEP_MS) + delta;
}

function totpOf(secret: string, label = ''): TOTP {
  return new TOTP({ ...PARAMETERS, label, secret: Secret.fromBase32(secret) });
}
