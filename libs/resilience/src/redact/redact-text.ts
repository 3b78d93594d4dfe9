import { isCardNumber } from './card-number.ts';

export const REDACTED = '[redacted]';

/** Secrets named in text: `password=x`, `"token":"x"`, `'apiKey': 'x'`, `\"secret\":\"x\"`, also inside longer names. */
const NAMED_SECRET =
  /((?:passw(?:or)?d|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|credentials?|session[_-]?id|connection[_-]?string|(?<![a-z])(?:pass|pin|otp|cvv|cvc|dsn))[\w-]{0,40}\\{0,8}["'`]?\s{0,4}(?:=>|[:=])\s{0,4})(\\{1,8}"(?:[^"\\]|\\+[^"\\])*(?:\\+"|$)|"(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\]|\\[\s\S])*'?|[^\s,;&"'`<>)}\]]+)/gi;
/** `--password x`, `-p x` is left to its name. */
const FLAG_SECRET = /(--?(?:password|passwd|pwd|secret|token|api-?key)[\w-]{0,40}\s{1,4})(\S+)/gi;
/** Everything after these headers, to the end of the line or of the quoted text. */
const HEADER =
  /((?:proxy-)?authorization|(?:set-)?cookie2?|x-api-key|x-auth-token)(\\{0,8}["'`]?\s{0,4}[:=]\s{0,4})(?:(\\{0,8}["'`])([^\r\n"'`\\]+)|([^\s"'`\\][^\r\n]*))/gi;
const SCHEME =
  /\b(bearer|basic|digest|negotiate|apikey|token)(\s{1,4})(?=[\w.~+/=-]*[\d._~+/=-])([\w.~+/=-]{8,})/gi;
const PEM =
  /-----BEGIN [A-Z0-9 ]{0,60}(?:PRIVATE KEY|SEED|JWT)(?: BLOCK)?-{3,}[\s\S]*?(?:-{3,}END [A-Z0-9 ]{0,60}-{3,}|$)/g;
const URL_PASSWORD =
  /([a-z][a-z0-9+.-]{1,30}:\/\/)(?:[^\s:/?#"'<>@]{0,256}:(?!\d{1,5}(?:[/?#\s"'<>]|$))[^\s"'<>]{1,1024}@|[^\s:/?#"'<>@]{8,512}@)/gi;
const JWT = /eyJ[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*){0,3}/g;
const KEYS =
  /(?:pp_(?:live|test)_|whsec_|sk_(?:live|test)_|rk_(?:live|test)_|github_pat_|glpat-|xox[abeoprs]-|shpat_|sk-(?:proj-|ant-)?)[\w-]{4,}|(?<![A-Za-z0-9])(?:ses_[A-Za-z0-9]{30,}|(?:npm_|gh[opsur]_|SG\.)[\w.-]{12,})|(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,}|AIza[\w-]{20,}|(?<![A-Za-z0-9])S[AUNOCX][A-Z2-7]{54,}/g;
const EMAIL =
  /[^\s@"'`<>(),;:=[\]{}\\/|]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,6}\.\p{L}{2,24}/gu;
const DIGITS = /\d(?:[ -]{0,2}\d){12,}/g;
const PHONE =
  /\+\d(?:[\s().-]{0,2}\d){6,17}|(?<![\d.-])(?:\(\d{3}\)\s?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\d.-])/g;

/**
 * Text without passwords, tokens, keys, cards, mail addresses, phone numbers and credentials of connection strings. Linear
 * in the length of the text: every repetition is bounded or cannot overlap the next.
 */
export function redactText(text: string): string {
  let out = text;
  if (out.includes('-----BEGIN')) out = out.replace(PEM, REDACTED);
  if (out.includes('://')) out = out.replace(URL_PASSWORD, `$1${REDACTED}@`);
  out = out.replace(HEADER, `$1$2$3${REDACTED}`).replace(SCHEME, `$1$2${REDACTED}`);
  if (out.includes('eyJ')) out = out.replace(JWT, REDACTED);
  out = out.replace(KEYS, REDACTED);
  if (/[:=]/.test(out)) out = out.replace(NAMED_SECRET, `$1${REDACTED}`);
  if (out.includes('--')) out = out.replace(FLAG_SECRET, `$1${REDACTED}`);
  if (out.includes('@')) out = out.replace(EMAIL, '[email]');
  if (/\d/.test(out)) {
    out = out.replace(DIGITS, (run) => (isCardNumber(run) ? '[card]' : run)).replace(PHONE, '[phone]');
  }
  return out;
}
