const MAX_QUOTED = 2_000;
const isWord = (code: number) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;

/**
 * The words that the author of the message wrote, without the values put into them: text in quotes or
 * backticks becomes `""`, JSON becomes `{}`. User text must not decide the kind of an error ("no such
 * product: 'request timed out'"). An apostrophe inside a word (can't) starts no quote. One pass, linear time.
 */
export function readProse(text: string): string {
  if (!/["'`{[]/.test(text)) return text;
  let out = '';
  let copied = 0;
  const noCloser = new Set<number>();
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    let end = -1;
    if (code === 34 || code === 96) end = noCloser.has(code) ? -1 : text.indexOf(text[at]!, at + 1);
    else if (code === 39 && !isWord(text.charCodeAt(at - 1)) && !noCloser.has(code))
      end = closingApostrophe(text, at);
    else if ((code === 123 || code === 91) && opensJson(text, at)) end = closingBracket(text, at);
    else continue;
    if (end < 0) {
      if (code !== 123 && code !== 91) noCloser.add(code);
      continue;
    }
    if (end - at > MAX_QUOTED && code !== 123 && code !== 91) continue;
    out += `${text.slice(copied, at)}${code === 123 || code === 91 ? '{}' : '""'}`;
    copied = end + 1;
    at = end;
  }
  return copied === 0 ? text : out + text.slice(copied);
}

/**
 * The words that name the problem: the prose, or the quoted text when there is nothing else, because then the
 * quotes are the author's ("'Stale Connection'" of the NATS client). JSON is never used.
 */
export function readWords(text: string): string {
  const prose = readProse(text);
  if (text.length > 200 || prose === text || /[A-Za-z{]/.test(prose)) return prose;
  return text.replace(/["'`]/g, '');
}

/** The next apostrophe that does not continue a word. */
function closingApostrophe(text: string, open: number): number {
  let end = text.indexOf("'", open + 1);
  while (end > 0 && isWord(text.charCodeAt(end + 1))) end = text.indexOf("'", end + 1);
  return end;
}

/** `{"` and `["`, `{ '` and `[{`, with blanks between: a value, not a placeholder in prose. */
function opensJson(text: string, at: number): boolean {
  const next = text.slice(at + 1, at + 12).trimStart();
  return next.startsWith('"') || next.startsWith("'") || next.startsWith('{') || next.startsWith('\\"');
}

/** The bracket that closes the one at `open`; the end of the text when it was cut off. */
function closingBracket(text: string, open: number): number {
  let depth = 0;
  let inString = false;
  for (let at = open; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at += 1;
    else if (code === 34) inString = !inString;
    else if (inString) continue;
    else if (code === 123 || code === 91) depth += 1;
    else if (code === 125 || code === 93) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return text.length - 1;
}
