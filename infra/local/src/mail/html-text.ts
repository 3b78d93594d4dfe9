/** Elements whose content is not shown. */
const HIDDEN = ['style', 'script'] as const;

/**
 * The text of an HTML document, without its tags and without the content of `style` and `script`. In linear
 * time for any text: the search for a missing end is made once. Entities are not decoded.
 */
export function htmlText(html: string): string {
  const parts: string[] = [];
  const ends = HIDDEN.map((name) => ({ name, pattern: new RegExp(`</${name}\\s*>`, 'gi'), isThere: true }));
  let at = 0;
  for (;;) {
    const open = html.indexOf('<', at);
    const close = open < 0 ? -1 : html.indexOf('>', open);
    // A tag that never closes is text, as is everything after it.
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
