/** What stands where a secret was. */
export const REDACTED = '[redacted]';

// Every pattern is linear, and none can swallow a quote or a backslash, so a line of JSON stays JSON.
const values: readonly [RegExp, string][] = [
  // scheme://user:password@host
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"'\\]{0,128}):[^\s@"'\\]{1,512}@/gi, `$1:${REDACTED}@`],
  [/\b(pp_(?:live|test)_)[A-Za-z0-9_-]{8,}/g, `$1${REDACTED}`],
  [/\bses_[A-Za-z0-9_-]{23,}/g, `ses_${REDACTED}`], // a session's token; its id has exactly 22 characters
  [/\b(Bearer|Basic) +[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${REDACTED}`],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, REDACTED], // JSON Web Token
  [/\b(sk-|AC[0-9a-f]{32}:)[A-Za-z0-9_-]{16,}/g, `$1${REDACTED}`],
  [/\b((?:password|passwd|secret|token)=)[^\s&"'\\;]{1,512}/gi, `$1${REDACTED}`],
];

const secretName =
  '[A-Za-z0-9_.-]{0,64}(?:password|passwd|secret|token|authorization|cookie|api[_-]?key|signing[_-]?key|private[_-]?key)|key';
const member = new RegExp(`"(${secretName})":(?:"(?:[^"\\\\]|\\\\.)*"|\\[[^\\]\\[{}]*\\]|\\d+)`, 'gi');

/** Takes secrets that are known by their form out of a text. */
export function scrubText(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of values) clean = clean.replace(pattern, replacement);
  return clean;
}

/** The same for a line of JSON, where also members with a telling name lose their value. At any depth. */
export function scrubJson(line: string): string {
  return scrubText(line.replace(member, `"$1":"${REDACTED}"`));
}
