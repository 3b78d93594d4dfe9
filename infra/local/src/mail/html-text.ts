/** Elements whose content nobody reads. */
const HIDDEN = ['style', 'script'] as const;

/**
 * The words of an HTML document, without its tags and without what `style` and `script` hold. In linear time for any
 * text: each search for an end that is not there is made once. Entities stay as they are.
 */
export function htmlText(html: string): string {
  const parts: string[] = [];
  const ends = HIDDEN.map((name) => ({ name, pattern: new RegExp(`</${name}\\s*>`, 'gi'), isThere: true }));
  let at = 0;
  for (;;) {
    const open = html.indexOf('<', at);
    const close = open < 0 ? -1 : html.indexOf('>', open);
    // A tag that never closes is text, as is all that follows.
    if (close < 0) break;
    parts.push(html.slice(at, open));
    at = close + 1;
    const name = /^(style|script)\b/i.exec(html.slice(open + 1, open + 8))?.[1]?.toLowerCase();
    const end = ends.find((each) => each.name === name);
    if (!end?.isThere) continue;
    end.pattern.lastIndex = open;
    end.isThere = end.pattern.test(html);
    if (end.isThere) at = end.pattern.lastIndex;
  }
  parts.push(html.slice(at));
  return parts.join('').trim();
}
