const COOKIE = /(?:^|; )(?:__Host-)?csrf=([^;]+)/;
const READS = ['GET', 'HEAD', undefined];

/** What a write must carry beside the session cookie: the token that only a page of this origin can read. */
export function csrfHeaders(method: string | undefined, cookies = document.cookie): Record<string, string> {
  if (READS.includes(method)) return {};
  const token = COOKIE.exec(cookies)?.[1];
  return token ? { 'x-csrf-token': decodeURIComponent(token) } : {};
}
