const HOME = '/home';

/**
 * Where to go after the log-in: a path of this origin, or the first page. Never another host: `//`, `/\` and
 * full addresses are refused.
 */
export function nextPath(next: string | undefined, home = HOME): string {
  if (!next || !/^\/(?![/\\])/.test(next) || /[\\\p{Cc}]/u.test(next)) return home;
  return /^\/(login|signup)([/?#]|$)/.test(next) ? home : next;
}
