/** The columns of one table that a condition compares with something else. */
export interface ComparedColumns {
  /** By `=`, or `= ANY`. */
  readonly equal: readonly string[];
  /** By `<`, `<=`, `>`, `>=`. */
  readonly range: readonly string[];
}

/** `alias.column` or `"Alias"."Column"`, with a cast that changes no order at most: `(t.state)::text`. */
const column = (alias: string) => {
  const name = `(?:${escaped(alias)}|"${escaped(alias.replaceAll('"', '""'))}")\\.(\\w+|"(?:[^"]|"")+")`;
  return `\\(*${name}\\)?(?:::text)?`;
};
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `"Ledger"` is the column `Ledger`. */
export const unquote = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;

/**
 * Reads a condition of a plan (`Filter`, `Index Cond`) as far as an ordinary index can serve it: comparisons of columns of `alias` that are
 * joined by AND. Whatever else stands there is left out.
 */
export function readConditions(condition: string | undefined, alias: string): ComparedColumns {
  const equal = new Set<string>();
  const range = new Set<string>();
  const comparison = new RegExp(`^${column(alias)} (=|<|<=|>|>=) (?!(?:.*[^\\w"])?${escaped(alias)}\\.)`);
  for (const part of andParts(condition ?? '')) {
    const [, name, operator] = comparison.exec(part) ?? [];
    if (name !== undefined) (operator === '=' ? equal : range).add(unquote(name));
  }
  return { equal: [...equal], range: [...range].filter((name) => !equal.has(name)) };
}

/** The parts of `((a) AND (b))`. A part that holds OR is none. */
function andParts(condition: string): string[] {
  const inside = withoutParentheses(condition);
  const depth = depthsOf(inside);
  const isOutside = (word: string, at: number) => depth[at] === 0 && inside.startsWith(word, at);
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < inside.length; at++) {
    if (isOutside(' OR ', at)) return [];
    if (!isOutside(' AND ', at)) continue;
    parts.push(inside.slice(from, at));
    from = at + 5;
  }
  parts.push(inside.slice(from));
  return parts.length === 1 ? [inside] : parts.flatMap(andParts);
}

/** How many parentheses are open at each character; infinitely many within quotes. */
function depthsOf(text: string): number[] {
  let depth = 0;
  let quote = '';
  return Array.from({ length: text.length }, (_, at) => text[at]).map((character) => {
    if (quote !== '') {
      if (character === quote) quote = '';
      return Number.POSITIVE_INFINITY;
    }
    if (character === "'" || character === '"') quote = character;
    if (character === '(') depth++;
    if (character === ')') depth--;
    return depth;
  });
}

/** `(a = 1)` is `a = 1`; `(a) AND (b)` stays. */
function withoutParentheses(text: string): string {
  const closed = text.startsWith('(') ? depthsOf(text).indexOf(0) : -1;
  return closed === text.length - 1 && closed > 0 ? withoutParentheses(text.slice(1, -1)) : text;
}

/** A column of `alias` in a sort key (`t.created_at DESC`); null when the key is something else. */
export function readSortKey(key: string, alias: string): { name: string; descending: boolean } | null {
  const [, name, descending, nulls] =
    new RegExp(`^${column(alias)}(?: COLLATE "[^"]+")?( DESC)?(?: NULLS (FIRST|LAST))?$`).exec(key) ?? [];
  // An index has NULL last when it ascends; another order of NULL needs another index.
  return name === undefined || nulls !== undefined
    ? null
    : { name: unquote(name), descending: descending !== undefined };
}
