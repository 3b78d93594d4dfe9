import { refusal } from './scim-refusal.ts';

const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type Operator = (typeof OPERATORS)[number];
export type Literal = string | number | boolean | null;

/** A filter of RFC 7644, 3.4.2.2. Paths are in lower case: `name.familyname`. */
export type Filter =
  | { readonly kind: 'compare'; readonly path: string; readonly operator: Operator; readonly value: Literal }
  | { readonly kind: 'present'; readonly path: string }
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly filter: Filter }
  /** `emails[type eq "work"]`: one element fits all of it. */
  | { readonly kind: 'element'; readonly path: string; readonly filter: Filter };

const TOKEN = /\s*(?:([()[\]])|("(?:[^"\\]|\\.)*")|([^\s()[\]"]+))/y;
const PATH = /^(?:urn:[\w:.-]+:)?([A-Za-z$][\w$-]*(?:\.[A-Za-z$][\w$-]*)?)$/;
/** Parentheses and brackets inside of each other, and the number of comparisons: enough for every directory. */
const MAX_DEPTH = 10;
const MAX_TERMS = 50;

/** Parses a filter. Throws `AUTH.SCIM_REQUEST_REFUSED` (`invalidFilter`) for what is none. */
export function parseFilter(text: string): Filter {
  const parser = new FilterParser(text);
  const filter = parser.disjunction();
  parser.mustBeAtEnd();
  return filter;
}

class FilterParser {
  readonly #tokens: string[] = [];
  #at = 0;
  #depth = 0;
  #terms = 0;

  constructor(text: string) {
    TOKEN.lastIndex = 0;
    const end = text.trimEnd().length;
    while (TOKEN.lastIndex < end) {
      const at = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (!match) throw wrong(`cannot be read from character ${at + 1} on`);
      this.#tokens.push(match[0].trim());
    }
  }

  disjunction(): Filter {
    let left = this.#conjunction();
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#conjunction() };
    return left;
  }

  mustBeAtEnd(): void {
    if (this.#at < this.#tokens.length) throw wrong(`has ${this.#tokens[this.#at]} where it should end`);
  }

  #conjunction(): Filter {
    let left = this.#term();
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.#term() };
    return left;
  }

  #term(): Filter {
    if (++this.#terms > MAX_TERMS) throw wrong(`has more than ${MAX_TERMS} parts`);
    if (this.#takeWord('not')) return { kind: 'not', filter: this.#inside('(', ')') };
    if (this.#tokens[this.#at] === '(') return this.#inside('(', ')');
    const path = this.#path();
    if (this.#tokens[this.#at] === '[') return { kind: 'element', path, filter: this.#inside('[', ']') };
    const word = this.#next('an operator').toLowerCase();
    if (word === 'pr') return { kind: 'present', path };
    const operator = OPERATORS.find((one) => one === word);
    if (!operator) throw wrong(`has no operator ${word}`);
    return { kind: 'compare', path, operator, value: this.#literal() };
  }

  #inside(open: string, close: string): Filter {
    if (this.#next(open) !== open) throw wrong(`lacks ${open}`);
    if (++this.#depth > MAX_DEPTH) throw wrong(`is nested deeper than ${MAX_DEPTH}`);
    const filter = this.disjunction();
    if (this.#next(close) !== close) throw wrong(`lacks ${close}`);
    this.#depth--;
    return filter;
  }

  #path(): string {
    const word = this.#next('an attribute');
    const path = PATH.exec(word)?.[1];
    if (path === undefined) throw wrong(`has ${word} where an attribute should be`);
    return path.toLowerCase();
  }

  #literal(): Literal {
    const word = this.#next('a value');
    try {
      const value: unknown = JSON.parse(/^(true|false|null)$/i.test(word) ? word.toLowerCase() : word);
      if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as Literal;
    } catch {
      // Said below.
    }
    throw wrong(`has ${word} where a value should be: texts are in double quotes`);
  }

  #takeWord(word: string): boolean {
    if (this.#tokens[this.#at]?.toLowerCase() !== word) return false;
    this.#at++;
    return true;
  }

  #next(what: string): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw wrong(`ends where ${what} should be`);
    return token;
  }
}

const wrong = (why: string) => refusal('invalidFilter', `The filter ${why}.`);
