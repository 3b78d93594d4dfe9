import { hideCards } from './card-number.ts';
import { hasMark } from './find-marks.ts';
import { hideKeys, UNMARKED_KEY } from './key-forms.ts';
import { hideNamed } from './named-secrets.ts';
import { REDACTED } from './redacted.ts';
import { hideOraclePasswords, hideUrlPasswords } from './url-passwords.ts';

const PEM =
  /-----BEGIN [A-Z0-9 ]{0,60}(?:PRIVATE KEY|SEED|JWT)(?: BLOCK)?-{3,}(?:[^-]|-(?!-{4}))*(?:-{5,}END [A-Z0-9 ]{0,60}-{3,})?/g;
// Runs that may be long are tried once, from their start; everything else is bounded. So each pattern is
// linear.
const SCHEME = /(?<!(?<!\\)[\w-])(bearer|basic|negotiate|apikey|token)((?:[ \t]|%20){1,4})([\w.~+/=-]{6,})/gi;
const DOTTED = /(?<![\w-])[\w-]+(?:\.[\w-]*)+/g;
const JWT = /eyJ[\w-]{4,}\.[\w-]{4,}/;
const LOCAL = `[^\\s@"'\`<>(),;:=[\\]{}\\\\/|]`;
const EMAIL = new RegExp(
  `(?<!${LOCAL})(?!git@)${LOCAL}+@[\\p{L}\\p{N}-]{1,63}(?:\\.[\\p{L}\\p{N}-]{1,63}){0,6}\\.(?!(?:service|socket|timer|js|[cm]js|tsx?|json)(?![\\p{L}\\p{N}]))\\p{L}{2,24}(?![\\p{L}\\p{N}])`,
  'gu',
);
const PHONE =
  /(?<![A-Za-z0-9/+=])\+\d(?:[\s().-]{0,2}\d){6,17}(?!\w)|(?<![\w.-])(?:\(\d{3}\)\s?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-]|\.\d)/g;

/**
 * Text without passwords, tokens, keys, cards, mail addresses, phone numbers and credentials of connection
 * strings. A text without a mark is returned at once. Linear in the length of the text.
 */
export function redactText(text: string): string {
  return mayHoldSecret(text) ? applyRules(text) : text;
}

/** False is certain, and cheap. `from`: the index at which the search starts. */
export const mayHoldSecret = (text: string, from = 0): boolean =>
  hasMark(text, from) || UNMARKED_KEY.test(from === 0 ? text : text.slice(from));

/** Applies every rule, whether or not the text has a mark of it. */
export function applyRules(text: string): string {
  let out = text;
  if (out.includes('-----BEGIN')) out = out.replace(PEM, REDACTED);
  if (out.includes('://')) out = hideUrlPasswords(out);
  out = hideKeys(hideOraclePasswords(out));
  if (out.includes('eyJ')) out = out.replace(DOTTED, hideJwt);
  out = hideSchemes(hideNamed(out));
  if (out.includes('@')) out = out.replace(EMAIL, '[email]');
  if (/\d/.test(out)) out = hideCards(out).replace(PHONE, '[phone]');
  return out;
}

function hideJwt(run: string): string {
  const at = run.search(JWT);
  return at === -1 ? run : `${run.slice(0, at)}${REDACTED}`;
}

/**
 * Hides `x` in `Bearer x`, unless x is an ordinary word. A word that is no credential may be the scheme of
 * the next one.
 */
function hideSchemes(text: string): string {
  let out = '';
  let done = 0;
  SCHEME.lastIndex = 0;
  for (let match = SCHEME.exec(text); match !== null; match = SCHEME.exec(text)) {
    const { 1: scheme = '', 3: value = '' } = match;
    const end = SCHEME.lastIndex;
    SCHEME.lastIndex = end - value.length;
    if (!isCredential(scheme.toLowerCase(), value)) continue;
    out += `${text.slice(done, end - value.length)}${REDACTED}`;
    done = end;
    SCHEME.lastIndex = end;
  }
  return done === 0 ? text : out + text.slice(done);
}

/**
 * After `bearer` and `basic`, a text in small letters, or with one capital first, is an ordinary word and no
 * credential.
 */
function isCredential(scheme: string, value: string): boolean {
  if (/^\d{1,6}$|^v?\d+(?:\.\d+)+$/.test(value)) return false;
  if (/\d/.test(value) && value.length >= (scheme === 'token' ? 8 : 6)) return true;
  if (scheme === 'token') return false;
  return /[a-z][A-Z]|[A-Z]{2}[a-z]|[+/~]\w|\w=$/.test(value) ? value !== 'realm=' : value.length >= 24;
}
