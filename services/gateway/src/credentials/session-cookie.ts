import type { IncomingMessage } from 'node:http';

type Head = Pick<IncomingMessage, 'headers' | 'socket'>;

const SECURE_NAME = '__Host-session';
/** The name without TLS, where browsers refuse `Secure` cookies: on this machine only. */
const LOCAL_NAME = 'session';
/** The cookie that keeps the own session during an impersonation. */
const OWN = { secure: '__Host-own-session', local: 'own-session' };
const TOKEN = /^ses_[0-9A-Za-z]{43}$/;
/** The cookie that ties a log-in at a provider to the browser in which it began. */
const ATTEMPT = { secure: '__Host-log-in', local: 'log-in' };
const ATTEMPT_TOKEN = /^[0-9A-Za-z]{43}$/;
/** As long as an attempt can be completed. */
const ATTEMPT_S = 600;
const LOOPBACK_PEER = /^(::ffff:)?127\.|^::1$/;
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Whether the browser is on this machine and calls the gateway by a local name: no proxy and no network are in
 * between.
 */
export function isLocal({ headers, socket }: Head): boolean {
  return LOOPBACK_PEER.test(socket.remoteAddress ?? '') && LOOPBACK_HOST.test(headers.host ?? '');
}

/** The session token in a request's cookies; null when there is none or its form is wrong. */
export function readSessionCookie(request: Head): string | null {
  return readToken(request, isLocal(request) ? LOCAL_NAME : SECURE_NAME);
}

/** The own session of a person who acts in the name of a partner; null for none. */
export function readOwnSessionCookie(request: Head): string | null {
  return readToken(request, isLocal(request) ? OWN.local : OWN.secure);
}

/** The secret of a browser that is on its way to a log-in provider; null for none. */
export function readAttemptCookie(request: Head): string | null {
  return readToken(request, isLocal(request) ? ATTEMPT.local : ATTEMPT.secure, ATTEMPT_TOKEN);
}

/** A `Set-Cookie` that keeps this secret for as long as a log-in at a provider may take. */
export function attemptCookie(request: Head, token: string): string {
  return render(request, token, ATTEMPT_S, ATTEMPT);
}

function readToken(request: Head, wanted: string, form = TOKEN): string | null {
  const { cookie } = request.headers;
  if (cookie === undefined) return null;
  for (const pair of cookie.split(';')) {
    const end = pair.indexOf('=');
    if (end === -1 || pair.slice(0, end).trim() !== wanted) continue;
    const value = pair.slice(end + 1).trim();
    return form.test(value) ? value : null;
  }
  return null;
}

/**
 * A `Set-Cookie` that keeps a session's token until `endsAt`. No script can read it and no form of another
 * origin sends it.
 */
export function sessionCookie(request: Head, token: string, endsAt: Date): string {
  return render(request, token, secondsUntil(endsAt));
}

/** As `sessionCookie`, for the own session during an impersonation. */
export function ownSessionCookie(request: Head, token: string, endsAt: Date): string {
  return render(request, token, secondsUntil(endsAt), OWN);
}

const secondsUntil = (at: Date): number => Math.max(0, Math.round((at.getTime() - Date.now()) / 1000));

/** A `Set-Cookie` that deletes the session cookie. */
export function endedCookie(request: Head): string {
  return render(request, '', 0);
}

function render(
  request: Head,
  value: string,
  maxAge: number,
  names = { secure: SECURE_NAME, local: LOCAL_NAME },
): string {
  const isPlain = isLocal(request);
  return [
    `${isPlain ? names.local : names.secure}=${value}`,
    'Path=/',
    `Max-Age=${maxAge}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(isPlain ? [] : ['Secure']),
  ].join('; ');
}
