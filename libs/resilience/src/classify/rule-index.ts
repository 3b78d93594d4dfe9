import type { ErrorSource } from './kinds/classification.ts';
import type { ClassifierRule, RuleTable } from './rules/rule.ts';

export interface IndexedRule extends ClassifierRule {
  /** `table/row`, as shown to a human. */
  readonly id: string;
}

/** Rows that share a key, in the order of their table. */
type Bucket = readonly IndexedRule[];

/**
 * A code that is unique to its library: letters, and long enough. `503` means something else in every
 * library, and the codes of NATS are common words (CANCELLED, CONNECTION_CLOSED).
 */
const isDistinctive = (code: string) => code.length >= 7 && /[A-Za-z]{2}/.test(code);

/**
 * Finds the rows for a code, a class name, a status or the message patterns of a dependency without searching
 * all tables.
 */
export class RuleIndex {
  readonly rules: readonly IndexedRule[];
  #codes = new Map<string, IndexedRule[]>();
  #names = new Map<string, IndexedRule[]>();
  #status = new Map<string, IndexedRule[]>();
  #patterns = new Map<string, IndexedRule[]>();
  /** Codes with a star at their end, longest first. */
  #prefixes: (readonly [string, IndexedRule])[] = [];

  constructor(tables: readonly RuleTable[]) {
    const rules: IndexedRule[] = [];
    for (const table of tables) {
      const used = new Map<string, number>();
      for (const row of table.rules) {
        const label = `${table.name}/${row.codes?.[0] ?? row.names?.[0] ?? row.status?.[0] ?? row.kind}`;
        const times = (used.get(label) ?? 0) + 1;
        used.set(label, times);
        const id = times === 1 ? label : `${label}#${times}`;
        const rule = {
          ...row,
          ...(table.loose ? { loose: table.loose } : {}),
          source: row.source ?? table.source,
          id,
        };
        rules.push(rule);
        this.#add(rule, table.dependency);
      }
    }
    this.rules = rules;
    this.#prefixes.sort(([a], [b]) => b.length - a.length);
    // Where every row of a code is narrowed, the row of its prefix comes last.
    for (const [key, bucket] of this.#codes) {
      const last = bucket.at(-1)!;
      if (!last.dependencies && !last.text) continue;
      const code = key.slice(key.indexOf('|') + 1);
      const prefix = this.#prefixes.find(([start]) => code.startsWith(start));
      if (prefix) bucket.push(prefix[1]);
    }
  }

  byCode(code: string, dependency: ErrorSource | undefined): Bucket {
    const found = this.#find(this.#codes, code, dependency);
    if (found.length > 0) return found;
    for (const [prefix, rule] of this.#prefixes) if (code.startsWith(prefix)) return [rule];
    return NONE;
  }

  byName(name: string, dependency: ErrorSource | undefined): Bucket {
    return this.#find(this.#names, name, dependency);
  }

  byStatus(status: number, dependency: ErrorSource | undefined): Bucket {
    return this.#find(this.#status, String(status), dependency);
  }

  /** The rows that have only a message pattern. */
  patternsOf(dependency: ErrorSource | 'any'): Bucket {
    return this.#patterns.get(dependency) ?? NONE;
  }

  #find(map: Map<string, IndexedRule[]>, key: string, dependency: ErrorSource | undefined): Bucket {
    return (
      (dependency === undefined ? undefined : map.get(`${dependency}|${key}`)) ??
      map.get(`any|${key}`) ??
      NONE
    );
  }

  #add(rule: IndexedRule, dependency: ErrorSource | 'any'): void {
    for (const code of rule.codes ?? []) {
      if (code.endsWith('*')) {
        this.#prefixes.push([code.slice(0, -1), rule]);
        continue;
      }
      put(this.#codes, `${dependency}|${code}`, rule);
      if (dependency !== 'any' && dependency !== 'nats' && isDistinctive(code))
        put(this.#codes, `any|${code}`, rule);
    }
    for (const name of rule.names ?? []) {
      put(this.#names, `${dependency}|${name}`, rule);
    }
    for (const status of rule.status ?? []) put(this.#status, `${dependency}|${status}`, rule);
    if (!rule.codes && !rule.names && !rule.status) put(this.#patterns, dependency, rule);
  }
}

const NONE: Bucket = [];

function put(map: Map<string, IndexedRule[]>, key: string, rule: IndexedRule): void {
  const bucket = map.get(key);
  if (bucket) bucket.push(rule);
  else map.set(key, [rule]);
}
