/** What stands where a secret was. */
export const REDACTED = '[redacted]';

// Every pattern is linear, and none can swallow a quote or a backslash, so a line of JSON stays JSON. The marks
// are looked for first: most lines have none, and a search for a fixed text costs a hundredth of the pattern.
const values: readonly {
  readonly marks: readonly string[];
  readonly pattern: RegExp;
  readonly to: string;
}[] = [
  {
    marks: ['://'], // scheme://user:password@host
    pattern: /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"'\\]{0,128}):[^\s@"'\\]{1,512}@/gi,
    to: `$1:${REDACTED}@`,
  },
  { marks: ['pp_'], pattern: /\b(pp_(?:live|test)_)[A-Za-z0-9_-]{8,}/g, to: `$1${REDACTED}` },
  // A session's token; its id has exactly 22 characters.
  { marks: ['ses_'], pattern: /\bses_[A-Za-z0-9_-]{23,}/g, to: `ses_${REDACTED}` },
  {
    marks: ['earer ', 'EARER ', 'asic ', 'ASIC '],
    pattern: /\b(Bearer|Basic) +[A-Za-z0-9._~+/=-]{6,}/gi,
    to: `$1 ${REDACTED}`,
  },
  // JSON Web Token
  { marks: ['eyJ'], pattern: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, to: REDACTED },
  { marks: ['sk-'], pattern: /\bsk-[A-Za-z0-9_-]{16,}/g, to: `sk-${REDACTED}` },
  {
    marks: ['='],
    pattern: /\b((?:[a-z]+_)?(?:password|passwd|secret|token)=)[^\s&"'\\;]{1,512}/gi,
    to: `$1${REDACTED}`,
  },
];

const secretWords =
  'password|passwd|secret|token|authorization|cookie|credentials|api[_-]?key|signing[_-]?key|private[_-]?key';
const telling = new RegExp(`(?:${secretWords}|"key)":`, 'i');
const text = '"(?:[^"\\\\]|\\\\.)*"';
// A text, a list of texts, a number, or an object without objects in it.
const secretValue = `(?:${text}|\\[[^\\]\\[{}]*\\]|\\d+|\\{(?:[^{}"]|${text})*\\})`;
const member = new RegExp(`"((?:[A-Za-z0-9_.-]{0,64}(?:${secretWords}))|key)":${secretValue}`, 'gi');

/** Takes secrets that are known by their form out of a text. */
export function scrubText(text: string): string {
  let clean = text;
  for (const { marks, pattern, to } of values) {
    if (marks.some((mark) => clean.includes(mark))) clean = clean.replace(pattern, to);
  }
  return clean;
}

/** The same for a line of JSON, where also members with a telling name lose their value. At any depth. */
export function scrubJson(line: string): string {
  return scrubText(telling.test(line) ? line.replace(member, `"$1":"${REDACTED}"`) : line);
}
