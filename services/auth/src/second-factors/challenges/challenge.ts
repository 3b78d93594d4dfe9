import { randomBytes } from 'node:crypto';
import { credentialDigest, randomBase62 } from '@gridworks/contracts';

/** For how long a challenge may be used, in milliseconds. */
export const CHALLENGE_LIFETIME_MS = 5 * 60_000;
const NONCE_BYTES = 32;

/** A row of `challenges`. */
export interface Challenge {
  /** Hex SHA-256 of the token; the token itself is not stored. */
  readonly digest: string;
  /** `log_in`: completes a log-in. `step_up`: a proof of a person who is logged in. `passkey`: adds a passkey. */
  readonly purpose: ChallengePurpose;
  /** Null for a log-in by passkey alone: the passkey says who it is. */
  readonly user_id: string | null;
  /** What a passkey signs: 32 random bytes in base64url. */
  readonly nonce: string;
  /** What the log-in that needs a second factor has proved already; null: the password. */
  readonly first_method: 'external' | null;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly used_at: Date | null;
}
export type ChallengePurpose = 'log_in' | 'step_up' | 'passkey';

export function newChallenge(
  purpose: ChallengePurpose,
  userId: string | null,
  now: Date,
  firstMethod: Challenge['first_method'] = null,
): { challenge: Challenge; token: string } {
  const token = `cha_${randomBase62(43)}`;
  const challenge = {
    digest: credentialDigest(token),
    purpose,
    user_id: userId,
    nonce: randomBytes(NONCE_BYTES).toString('base64url'),
    first_method: firstMethod,
    created_at: now,
    expires_at: new Date(now.getTime() + CHALLENGE_LIFETIME_MS),
    used_at: null,
  };
  return { challenge, token };
}
