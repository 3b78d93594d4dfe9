import { MARKS } from './marks.ts';

// Symbols of the automaton: upper and lower case are one symbol, all digits are one, all characters that end
// a name are one; 0 stands for characters that occur in no mark.
const DIGIT = '0';
const CLOSING = '"';
const CLOSES = `"'\`\\)]>`;
const SYMBOLS: ReadonlyMap<string, number> = new Map(
  [...new Set(MARKS.join(''))].map((symbol, at) => [symbol, at + 1]),
);
/** Bits per symbol. */
const BITS = Math.ceil(Math.log2(SYMBOLS.size + 1));
const WIDTH = 1 << BITS;
const ASCII = 128;
const SYMBOL_OF = Uint8Array.from({ length: ASCII }, (_, code) => {
  const character = String.fromCharCode(code).toLowerCase();
  const symbol = /\d/.test(character) ? DIGIT : CLOSES.includes(character) ? CLOSING : character;
  return SYMBOLS.get(symbol) ?? 0;
});
const FOUND = 0xffff;
const NEXT = buildTable();

/**
 * True when a text may contain a secret; false is certain. One table look-up per character (an Aho-Corasick
 * automaton over `MARKS`), so most texts cost nothing else. `from`: the index at which the search starts.
 */
export function hasMark(text: string, from = 0): boolean {
  let state = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    state = NEXT[(state << BITS) + (code < ASCII ? (SYMBOL_OF[code] as number) : 0)] as number;
    if (state === FOUND) return true;
  }
  return false;
}

interface Node {
  readonly edges: Map<number, number>;
  fail: number;
  isEnd: boolean;
}

/** The next state for each state and symbol; `FOUND` where a mark ends. */
function buildTable(): Uint16Array {
  const nodes: Node[] = [{ edges: new Map(), fail: 0, isEnd: false }];
  for (const mark of MARKS) addMark(nodes, mark);
  const next = new Uint16Array(nodes.length * WIDTH);
  const order = [0];
  for (const state of order) {
    const node = nodes[state] as Node;
    for (let symbol = 0; symbol < WIDTH; symbol++) {
      const fallback = state === 0 ? 0 : (next[node.fail * WIDTH + symbol] as number);
      const to = node.edges.get(symbol);
      next[state * WIDTH + symbol] = to ?? fallback;
      if (to === undefined) continue;
      const target = nodes[to] as Node;
      target.fail = fallback;
      target.isEnd ||= (nodes[fallback] as Node).isEnd;
      order.push(to);
    }
  }
  return next.map((state) => (nodes[state]?.isEnd ? FOUND : state));
}

function addMark(nodes: Node[], mark: string): void {
  let state = 0;
  for (const character of mark) {
    const { edges } = nodes[state] as Node;
    const symbol = SYMBOLS.get(character) as number;
    if (!edges.has(symbol)) {
      edges.set(symbol, nodes.length);
      nodes.push({ edges: new Map(), fail: 0, isEnd: false });
    }
    state = edges.get(symbol) as number;
  }
  (nodes[state] as Node).isEnd = true;
}
