/** How long a session lives from log-in on, in milliseconds. It is not prolonged by use. */
export const SESSION_LIFETIME_MS = 12 * 3_600_000;

/** A row of `sessions`. */
export interface Session {
  readonly id: string;
  readonly user_id: string;
  /** Hex SHA-256 of the token; the token itself is nowhere. */
  readonly digest: string;
  readonly created_at: Date;
  readonly expires_at: Date;
}
