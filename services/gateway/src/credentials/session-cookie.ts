import type { IncomingMessage } from 'node:http';

type Head = Pick<IncomingMessage, 'headers' | 'socket'>;

const SECURE_NAME = '__Host-session';
/** Without TLS, where a browser takes no `Secure` cookie: on this machine alone. */
const LOCAL_NAME = 'session';
const TOKEN = /^ses_[0-9A-Za-z]{43}$/;
const LOOPBACK_PEER = /^(::ffff:)?127\.|^::1$/;
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Whether the browser is on this machine and calls it by such a name: no proxy and no network are in between. */
export function isLocal({ headers, socket }: Head): boolean {
  return LOOPBACK_PEER.test(socket.remoteAddress ?? '') && LOOPBACK_HOST.test(headers.host ?? '');
}

/** The token of a session in a request's cookies; null when there is none, or nothing that can be one. */
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

/** A `Set-Cookie` that keeps a session's token until `endsAt`, out of reach of every script and every other origin's form. */
export function sessionCookie(request: Head, token: string, endsAt: Date): string {
  const seconds = Math.max(0, Math.round((endsAt.getTime() - Date.now()) / 1000));
  return render(request, token, seconds);
}

/** A `Set-Cookie` that deletes it. */
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
