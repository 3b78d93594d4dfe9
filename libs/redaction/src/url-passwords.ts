import { REDACTED } from './redacted.ts';

/** The end of a URL in running text. */
const END = /[\s"'`<>]/;
const SCHEME_BEFORE = /[a-z][a-z0-9+.-]{0,30}$/i;
const PORT = /^\d{1,5}(?:[/?#,;)\]}]|$)/;
/** A user name that is itself a token. */
const TOKEN = /^(?=[^\d]*\d)[\w.~%+-]{16,}$/;
const ORACLE = /(jdbc:oracle:\w{1,10}:[^\s/@]{1,64}\/)[^\s@]{1,256}@/gi;

/**
 * Hides the passwords of URLs, `scheme://user:password@host`. A password may contain `@`, `/` or `?`, so
 * everything up to the last `@` of the URL belongs to it. The text between two `://` is read once.
 */
export function hideUrlPasswords(text: string): string {
  let out = '';
  let done = 0;
  let at = text.indexOf('://');
  while (at !== -1) {
    const start = at + 3;
    const next = text.indexOf('://', start);
    const end = endOfUrl(text, start, next);
    const hidden = hideCredentials(text.slice(start, end));
    if (hidden !== null) {
      out += text.slice(done, start) + hidden;
      done = end;
    }
    at = next;
  }
  return done === 0 ? text : out + text.slice(done);
}

/** `jdbc:oracle:thin:user/password@host` */
export const hideOraclePasswords = (text: string): string => text.replace(ORACLE, `$1${REDACTED}@`);

function endOfUrl(text: string, start: number, next: number): number {
  const limit = next === -1 ? text.length : next;
  const stop = text.slice(start, limit).search(END);
  if (stop !== -1) return start + stop;
  if (next === -1) return limit;
  // The scheme of the next URL is not part of this one.
  const scheme = SCHEME_BEFORE.exec(text.slice(Math.max(start, next - 32), next))?.[0].length ?? 0;
  return next - scheme;
}

/** `host/path` of a URL without `scheme://`; null when the URL contains no credentials. */
function hideCredentials(url: string): string | null {
  const last = url.lastIndexOf('@');
  if (last === -1) return null;
  const authority = /^[^/?#@]*/.exec(url)?.[0] ?? '';
  const colon = authority.indexOf(':');
  const host = url.slice(last);
  if (colon === -1) {
    const isUser = url[authority.length] === '@';
    return isUser && authority.length >= 8 ? `${REDACTED}${host}` : null;
  }
  if (PORT.test(url.slice(colon + 1, colon + 8)) && !/^\d{1,5}$/.test(url.slice(colon + 1, last))) {
    if (url[authority.length] !== '@') return null;
  }
  const user = authority.slice(0, colon);
  return `${TOKEN.test(user) ? REDACTED : user}:${REDACTED}${host}`;
}
