import type { activeSessionSchema } from '@gridworks/contracts';
import type { z } from 'zod';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a session by bearer token lives after the log-in, in milliseconds. Use does not prolong it. */
export const SESSION_LIFETIME_MS = 12 * HOUR_MS;

/**
 * How long a browser's session lives without use, and at most, in milliseconds. Shorter for people of
 * GridWorks, who can do more harm.
 */
export const BROWSER_LIFETIMES = {
  partner: { idleMs: 12 * HOUR_MS, mostMs: 7 * 24 * HOUR_MS },
  platform: { idleMs: 30 * MINUTE_MS, mostMs: 12 * HOUR_MS },
} as const;

/** A use is recorded when the last recorded one is at least this old. */
export const USE_RESOLUTION_MS = MINUTE_MS;

/** A row of `sessions`. */
export interface Session {
  readonly id: string;
  readonly user_id: string;
  /** The partner that the session acts for, from its beginning to its end; null for a person without one. */
  readonly partner_id: string | null;
  /** Hex SHA-256 of the token; the token itself is not stored. */
  readonly digest: string;
  readonly created_at: Date;
  /** When the session is over. For a browser's session: when it is over without further use. */
  readonly expires_at: Date;
  /** When a browser's session is over despite use. Null for a session by bearer token. */
  readonly ends_at: Date | null;
  /** How far each use moves `expires_at` ahead, in milliseconds. Null for a session by bearer token. */
  readonly idle_ms: number | null;
  readonly last_used_at: Date | null;
  readonly user_agent: string | null;
  /** A part of the address: 198.51.100.0/24. */
  readonly network: string | null;
  /** When its person last proved who they are. Null for a session of an earlier release: at the log-in. */
  readonly authenticated_at: Date | null;
  /** What the person has proved it with in this session. Null for a session of an earlier release: by password. */
  readonly methods: readonly ProofMethod[] | null;
  /** The connection of single sign-on that began it: the session acts for its partner only. */
  readonly sso_connection_id: string | null;
}

/** What a person proves with who they are. */
export type ProofMethod = 'password' | 'totp' | 'passkey' | 'recovery_code' | 'external';

/** A session as its user gets it. `currentId` is the session of the call. */
export function presentSession(session: Session, currentId: string): z.output<typeof activeSessionSchema> {
  return {
    object: 'active_session',
    id: session.id,
    kind: session.idle_ms === null ? 'token' : 'browser',
    created_at: session.created_at.toISOString(),
    last_used_at: (session.last_used_at ?? session.created_at).toISOString(),
    expires_at: session.expires_at.toISOString(),
    user_agent: session.user_agent,
    network: session.network,
    current: session.id === currentId,
  };
}
