import { REDACTED } from './redacted.ts';
import { isSecretLabel, isSecretMember, isVague } from './secret-names.ts';
import { endOfLine, endOfQuoted, endOfValue, isQuote, skipBackslashes } from './value-end.ts';

// Each run of word characters is tried once, from its start, so each search is linear.
/** `name=`, `"name":`, `\"name\": `, `name => `, `user[name]=`, `name%3D`. */
const NAME = /(?<![\w.-])([\w.-]+)(\\{0,8}["'`)\]]{0,2})\s{0,4}(?:=>|:=|[:=]|%3[ad])[ \t]{0,8}/gi;
/** The value of a header: everything after the name, to the end of the line or of the quoted text. */
const HEADER =
  /((?:proxy-)?authorization|(?:set-)?cookie2?|x-api-key|x-auth-token|private-token)(\\{0,8}["'`]?)\s{0,4}(?::=|[:=])[ \t]{0,8}/gi;
/** `--name value` */
const FLAG = /(?<![\w-])--?([a-z][\w-]*)[ \t]{1,4}(?=[^\s-])/gi;
/** `PASSWORD 'x'` of SQL, `login ada password x` of a .netrc, `curl -u ada:x`, `sshpass -p x` */
const PHRASE =
  /(?<![\w-])(?:(?:password|passphrase|identified by)\s{1,4}(?=')|login\s{1,4}\S{1,64}\s{1,4}password\s{1,4}|(?:-u|--user)[ \t]{1,4}["']?[^\s:"'/]{1,64}:(?=[^\s/])|sshpass[ \t]{1,4}-p[ \t]{0,4})/gi;
/** `<name>value</name>` */
const ELEMENT = /<([\w:.-]+)(?:\s[^<>]{0,200})?>(?=[^<>\s])/g;
/** `["authorization", "x"]`, the form of raw headers */
const LISTED = /(?<![\w.-])([\w.-]+)\\{0,8}["']\s{0,4},\s{0,4}(?=\\{0,8}["'])/g;
/** `"name": "x-auth-token", "value": "x"` */
const PAIR =
  /\\{0,8}["']?(?:name|key|header)\\{0,8}["']?\s{0,4}:\s{0,4}\\{0,8}["']([\w.-]{1,64})\\{0,8}["']\s{0,4},\s{0,4}\\{0,8}["']?value\\{0,8}["']?\s{0,4}:\s{0,4}/gi;
/** Secret parameters of a URL, under names that are harmless elsewhere. */
const PARAMETER =
  /[?&](?:code|sig|signature|key|sid|auth|access|samlresponse|x-amz-signature|x-goog-signature)=(?=[^\s&]{8})/gi;

/** Names that are secret only after another word: `API key: x`. */
const NEEDS_WORD_BEFORE = /^(?:key|code|string|number|word|phrase|id)$/i;
/** A missing value stays visible: a missing password is a cause of errors. */
const NOTHING = /^["'`\\]*(?:null|undefined|true|false|none|nil|\[redacted\]?|\*+)?["'`\\]*$/i;
/** Signs that a sentence follows the name, as in `password: must have 12 characters`. */
const PROSE =
  /^(?:must|is|are|was|were|has|have|had|not|no|should|required|missing|invalid|expired|too|cannot|can't|may|the|an?|expected|unexpected|string|number|empty|wrong|incorrect|unknown|rejected|refused|denied|failed|accepted|ok|yes|unset|changed|revoked|found|input|value|length)(?=$|[\s.,!])/i;

type Extent = 'nothing' | 'word' | 'member' | 'line';

/**
 * Hides values under the names of secrets, in any text: headers, forms, queries, JSON, YAML, environments,
 * flags, elements.
 */
export function hideNamed(text: string): string {
  let out = hideAfter(text, HEADER, (match) => (match[2] ? 'member' : 'line'));
  out = hideAfter(out, NAME, extentOfNamed);
  out = hideAfter(out, PAIR, ([, name]) => (isSecretLabel(name as string) ? 'member' : 'nothing'));
  out = hideAfter(out, LISTED, extentOfListed);
  out = hideAfter(out, FLAG, ([, name]) => (isSecretLabel(name as string) ? 'word' : 'nothing'));
  out = hideAfter(out, PHRASE, () => 'word');
  out = hideAfter(out, PARAMETER, () => 'word');
  return hideAfter(out, ELEMENT, ([, name]) => (isSecretLabel(name as string) ? 'word' : 'nothing'));
}

/**
 * Hides the text after a match, as far as `extentOf` says. The search continues after the hidden text, so
 * nothing is read twice.
 */
function hideAfter(text: string, pattern: RegExp, extentOf: (match: RegExpExecArray) => Extent): string {
  let out = '';
  let done = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const start = pattern.lastIndex;
    const extent = extentOf(match);
    if (extent === 'nothing') continue;
    const end = endOf(text, match, start, extent);
    const value = text.slice(start, end);
    if (NOTHING.test(value) || (extent !== 'member' && match[0].includes(':') && PROSE.test(value))) continue;
    out += `${text.slice(done, start)}${hide(value, extent === 'member')}`;
    done = end;
    pattern.lastIndex = end;
  }
  return done === 0 ? text : out + text.slice(done);
}

function endOf(text: string, match: RegExpExecArray, start: number, extent: Extent): number {
  const isOpen = extent === 'line' && !isQuote(text[skipBackslashes(text, start)]);
  if (!isOpen) return endOfValue(text, start, extent === 'member');
  const line = endOfLine(text, start);
  // 'Authorization: Basic x': the quote is before the name
  const before = text[match.index - 1];
  if (!isQuote(before)) return line;
  // Digest username="ada", response="x"
  if (before === '"' && text.slice(start, line).includes('="')) return line;
  const end = endOfQuoted(
    text.slice(0, line),
    start,
    before as string,
    text[match.index - 2] === '\\' ? 1 : 0,
  );
  return Math.max(start, end - 1);
}

/** The quotes are kept, so that JSON inside of a text stays JSON. */
function hide(value: string, hasBrackets: boolean): string {
  const opening = /^\\{0,8}["'`]/.exec(value)?.[0];
  if (opening !== undefined) return `${opening}${REDACTED}${value.endsWith(opening) ? opening : ''}`;
  return hasBrackets && /^[[{]/.test(value) ? `"${REDACTED}"` : REDACTED;
}

function extentOfNamed(match: RegExpExecArray): Extent {
  const { index, input } = match;
  const isMember = /["'`]/.test(match[2] as string);
  const value = input.slice(index + match[0].length, index + match[0].length + 64);
  const bare = /^\\{0,8}["'`]?([\w+/=~-]*)/.exec(value)?.[1] ?? '';
  const name = nameOf(match);
  if (!isSecretLabel(name, bare))
    return isMember && isVague(name) && isSecretMember(name, bare) ? 'member' : 'nothing';
  if (isMember) return 'member';
  const before = input.slice(Math.max(0, index - 20), index);
  const isYaml = /(?:^|\n)[ \t]{0,20}(?:- )?$/.test(before) && /:\s{1,8}$/.test(match[0]);
  return isYaml && (index <= 20 || before.includes('\n')) ? 'line' : 'word';
}

/** A text that is followed by a colon is the next member and not a value. */
function extentOfListed({ 0: all, 1: name = '', index, input }: RegExpExecArray): Extent {
  if (!isSecretLabel(name)) return 'nothing';
  const end = endOfValue(input, index + all.length, false);
  return input
    .slice(end, end + 5)
    .trimStart()
    .startsWith(':')
    ? 'nothing'
    : 'member';
}

function nameOf({ 1: run = '', index, input }: RegExpExecArray): string {
  //
  // password: the letter of an escape in a JSON text is not part of the name
  const name = input[index - 1] === '\\' && /^[nrt]/.test(run) ? run.slice(1) : run;
  if (!NEEDS_WORD_BEFORE.test(name)) return name;
  const before = /([A-Za-z]{1,20})[ ]$/.exec(input.slice(Math.max(0, index - 21), index))?.[1];
  return before === undefined ? name : `${before} ${name}`;
}
