const QUOTES = `"'\``;
const BACKSLASH = '\\';
const WORD = /\w/;
const BLANK = /\s/;
/** After a comma, a semicolon, an ampersand or a bar: texts which show that the value has ended there. */
const NEXT_MEMBER = /(?:$|[\s"'`)}\]>\\]|(?:quot|apos|lt|gt|#39);|[\w.[\]-]{1,40}[ ]?(?:=|:(?!\/\/)))/y;
const TAG = /<\/?[a-z][a-z0-9]{0,10}[\s/>]/iy;

/**
 * The end of a value that starts at `at`: after its closing quote or bracket, else at the end of the word. A
 * part of a secret is secret, too, so in doubt the end is later. One pass; a value without a closing
 * character ends with the text. `hasBrackets`: whether a bracket at its start means a list or an object.
 */
export function endOfValue(text: string, at: number, hasBrackets: boolean): number {
  const quote = skipBackslashes(text, at);
  if (isQuote(text[quote])) return endOfQuoted(text, quote + 1, text[quote] as string, quote - at);
  if (hasBrackets && (text[at] === '[' || text[at] === '{')) return endOfBracket(text, at);
  return endOfWord(text, at);
}

export const isQuote = (character: string | undefined): boolean =>
  character !== undefined && QUOTES.includes(character);

export function skipBackslashes(text: string, at: number): number {
  let next = at;
  while (text[next] === BACKSLASH) next++;
  return next;
}

/**
 * The index after the closing quote of a text that starts at `from`. `escapes`: backslashes before the
 * quotes, as in JSON inside of JSON.
 */
export function endOfQuoted(text: string, from: number, quote: string, escapes: number): number {
  let backslashes = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === BACKSLASH) {
      backslashes++;
      continue;
    }
    const isClosing = escapes === 0 ? backslashes % 2 === 0 : backslashes <= escapes;
    // it's: a quote inside of a word does not close the value
    if (character === quote && isClosing && !WORD.test(text[at + 1] ?? '')) return at + 1;
    backslashes = 0;
  }
  return text.length;
}

export function endOfLine(text: string, from: number): number {
  const end = text.slice(from).search(/[\r\n]/);
  return end === -1 ? text.length : from + end;
}

function endOfBracket(text: string, opening: number): number {
  let depth = 0;
  for (let at = opening; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfQuoted(text, at + 1, '"', 0) - 1;
    else if (character === '[' || character === '{') depth++;
    else if ((character === ']' || character === '}') && --depth === 0) return at + 1;
  }
  return text.length;
}

function endOfWord(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const character = text[at] as string;
    if (BLANK.test(character)) return at;
    const next = text[at + 1] ?? '';
    if (isQuote(character) && !WORD.test(next)) return at;
    if (character === BACKSLASH && isQuote(text[skipOne(text, at)])) return at;
    if (',;&|'.includes(character) && matchesAt(NEXT_MEMBER, text, at + 1)) return at;
    if (')}]>'.includes(character) && !WORD.test(next)) return at;
    if (character === '<' && matchesAt(TAG, text, at)) return at;
  }
  return text.length;
}

/** `\"` and `\\\"`; a longer run of backslashes is part of the word. */
const skipOne = (text: string, at: number): number => at + (text[at + 1] === BACKSLASH ? 3 : 1);

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
