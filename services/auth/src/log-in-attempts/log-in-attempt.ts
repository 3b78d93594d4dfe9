import type { AttemptPurpose } from '@gridworks/contracts';
import type { ProvidedIdentity } from '../log-in-providers/provided-identity.ts';

/** For how long an attempt may be completed, in milliseconds. */
export const ATTEMPT_LIFETIME_MS = 10 * 60_000;

/** A row of `log_in_attempts`: a browser that was sent to a provider and is to come back once. */
export interface LogInAttempt {
  /** Hex SHA-256 of the state; the state itself is not stored. */
  readonly digest: string;
  readonly purpose: AttemptPurpose;
  /** The provider of the configuration; null for single sign-on. */
  readonly provider: string | null;
  /** The connection of single sign-on. */
  readonly sso_connection_id: string | null;
  /** The person who is logged in, for everything but a log-in. */
  readonly user_id: string | null;
  /** Hex SHA-256 of a secret in a cookie: another browser cannot complete the attempt. */
  readonly browser_digest: string;
  readonly nonce: string;
  /** The PKCE verifier, sealed. */
  readonly verifier: string;
  readonly redirect_uri: string;
  readonly return_to: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
  /** When the browser came back. It counts once. */
  readonly used_at: Date | null;
  /** Who it is, while a person without an account has yet to name the partner. */
  readonly identity: ProvidedIdentity | null;
  /** When everything was done that the attempt permits. */
  readonly closed_at: Date | null;
}
