/** How many redirect URIs an application has at most. */
export const MAX_REDIRECT_URIS = 10;

/** The addresses of this machine. `localhost` may be resolved to another one (RFC 8252, 8.3). */
const LOOPBACK = new Set(['127.0.0.1', '[::1]']);
/** A private-use scheme is a domain name in reverse, so that it has a dot (RFC 8252, 7.1). */
const PRIVATE_SCHEME = /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/;

/**
 * Whether an application may have this redirect URI. It is compared as it is written, so it must be written as a browser
 * sends it: an address with dots in its path, a fragment, a user or escapes that a browser resolves is refused. `web`:
 * https, or http on this machine. `native`: also a private-use scheme.
 */
export function isRedirectUri(text: string, kind: 'web' | 'native'): boolean {
  const url = URL.parse(text);
  if (!url || text.includes('#') || url.username || url.password) return false;
  if (url.href !== text && url.href !== `${text}/`) return false;
  if (url.hostname.includes('*')) return false;
  if (url.protocol === 'https:') return true;
  if (url.protocol === 'http:') return LOOPBACK.has(url.hostname);
  return kind === 'native' && PRIVATE_SCHEME.test(url.protocol);
}
