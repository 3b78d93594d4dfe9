import type { IncomingMessage } from 'node:http';

type Head = Pick<IncomingMessage, 'headers' | 'socket'>;

const SECURE_NAME = '__Host-session';
/** The name without TLS, where browsers refuse `Secure` cookies: on this machine only. */
const LOCAL_NAME = 'session';
const TOKEN = /^ses_[0-9A-Za-z]{43}$/;
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
  const { cookie } = request.headers;
  if (cookie === undefined) return null;
  const wanted = isLocal(request) ? LOCAL_NAME : SECURE_NAME;
  for (const pair of cookie.split(';')) {
    const end = pair.indexOf('=');
    if (end === -1 || pair.slice(0, end).trim() !== wanted) continue;
    const value = pair.slice(end + 1).trim();
    return TOKEN.test(value) ? value : null;
  }
  return null;
}

/**
 * A `Set-Cookie` that keeps a session's token until `endsAt`. No script can read it and no form of another
 * origin sends it.
 */
export function sessionCookie(request: Head, token: string, endsAt: Date): string {
  const seconds = Math.max(0, Math.round((endsAt.getTime() - Date.now()) / 1000));
  return render(request, token, seconds);
}

/** A `Set-Cookie` that deletes the session cookie. */
export function endedCookie(request: Head): string {
  return render(request, '', 0);
}

function render(request: Head, value: string, maxAge: number): string {
  const isPlain = isLocal(request);
  return [
    `${isPlain ? LOCAL_NAME : SECURE_NAME}=${value}`,
    'Path=/',
    `Max-Age=${maxAge}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(isPlain ? [] : ['Secure']),
  ].join('; ');
}
