import {
  AppError,
  credentialDigest,
  INTERNAL,
  newId,
  newSessionToken,
  type sessionSchema,
} from '@gridworks/contracts';
import { coarseNetwork } from '@gridworks/runtime';
import type { z } from 'zod';
import { presentUser, type User } from '../users/user.ts';
import { type Acting, presentActing } from './acting.ts';
import { BROWSER_LIFETIMES, type ProofMethod, SESSION_LIFETIME_MS, type Session } from './session.ts';

interface Origin {
  readonly client_ip?: string | undefined;
  readonly user_agent?: string | undefined;
  /** Of a browser's session, whose secret the gateway makes. */
  readonly session_digest?: string | undefined;
}

/** A session by bearer token, with its token, which is not stored. */
export function newBearerSession(
  user: User,
  acting: Acting,
  { client_ip }: Origin,
  methods: readonly ProofMethod[],
): { session: Session; token: string } {
  const token = newSessionToken();
  const now = new Date();
  const session = {
    ...partsOf(user, acting, client_ip, methods, now),
    digest: credentialDigest(token),
    expires_at: new Date(now.getTime() + SESSION_LIFETIME_MS),
    ends_at: null,
    idle_ms: null,
    user_agent: null,
  };
  return { session, token };
}

/** A new session by bearer token, with the token: shown only here. */
export function presentBearerSession(
  { id, expires_at }: Session,
  token: string,
  user: User,
  acting: Acting,
): z.output<typeof sessionSchema> {
  return {
    object: 'session',
    ...{ id, token },
    expires_at: expires_at.toISOString(),
    ...presentActing(acting),
    user: presentUser(user),
  };
}

/** A session of a browser. */
export function newBrowserSession(
  user: User,
  acting: Acting,
  { session_digest: digest, client_ip, user_agent }: Origin,
  methods: readonly ProofMethod[],
): Session {
  if (digest === undefined) throw new AppError(INTERNAL, { detail: 'the gateway sent no session_digest' });
  const now = new Date();
  const { idleMs, mostMs } = BROWSER_LIFETIMES[user.platform_role ? 'platform' : 'partner'];
  return {
    ...partsOf(user, acting, client_ip, methods, now),
    digest,
    expires_at: new Date(now.getTime() + idleMs),
    ends_at: new Date(now.getTime() + mostMs),
    idle_ms: idleMs,
    user_agent: user_agent ?? null,
  };
}

function partsOf(
  user: User,
  { partner }: Acting,
  clientIp: string | undefined,
  methods: readonly ProofMethod[],
  now: Date,
) {
  return {
    id: newId('session'),
    user_id: user.id,
    partner_id: partner?.id ?? null,
    created_at: now,
    last_used_at: now,
    network: clientIp === undefined ? null : coarseNetwork(clientIp),
    authenticated_at: now,
    methods,
    sso_connection_id: null,
  };
}
