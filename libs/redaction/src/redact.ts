import { redactText } from './redact-text.ts';
import { REDACTED } from './redacted.ts';
import { isSecretMember, isSecretName } from './secret-names.ts';

export interface RedactOptions {
  /** The maximum number of characters of text in the result. Default 16,384. */
  readonly maxLength?: number;
  /** The maximum depth of nesting. Default 12. */
  readonly maxDepth?: number;
  /** The maximum number of objects, arrays and values. Default 2,000. */
  readonly maxNodes?: number;
  /** The maximum number of members of one object or list. Default 200. */
  readonly maxEntries?: number;
}

/** Text longer than this many times `maxLength` is not read to its end. */
const READ_AHEAD = 4;
/**
 * The length that is dropped from the end of text that was not read whole: the end may be part of a secret.
 */
const CUT_MARGIN = 1_024;

/**
 * A copy of any value that is safe to log, store or send: JSON-like, without secrets and personal data in
 * keys and values at any depth, bounded in size after redaction. Errors become `{ name, message, stack, ...
 * }`. Never throws: members that cannot be read (getters, proxies) are marked as such. Text stays text.
 */
export function redact(text: string, options?: RedactOptions): string;
export function redact(value: unknown, options?: RedactOptions): unknown;
export function redact(value: unknown, options: RedactOptions = {}): unknown {
  const walk = new Redaction(options);
  return walk.value(value, 0);
}

class Redaction {
  #chars: number;
  #nodes: number;
  readonly #maxDepth: number;
  readonly #maxEntries: number;
  readonly #above = new Set<object>();

  constructor({ maxLength = 16_384, maxDepth = 12, maxNodes = 2_000, maxEntries = 200 }: RedactOptions) {
    this.#chars = maxLength;
    this.#nodes = maxNodes;
    this.#maxDepth = maxDepth;
    this.#maxEntries = maxEntries;
  }

  value(value: unknown, depth: number): unknown {
    if (this.#nodes-- <= 0) return '[cut]';
    switch (typeof value) {
      case 'string':
        return this.#text(value);
      case 'number':
        return this.#number(value);
      case 'bigint':
        return this.#text(String(value));
      case 'symbol':
        return this.#text(value.description ?? 'symbol');
      case 'function':
        return '[function]';
      case 'object':
        return value === null ? null : this.#object(value, depth);
      default:
        return value;
    }
  }

  #text(text: string): string {
    if (this.#chars <= 0) return text === '' ? '' : '[cut]';
    const most = Math.max(this.#chars * READ_AHEAD, CUT_MARGIN * 2);
    const whole = text.length <= most;
    let out = redactText(whole ? text : text.slice(0, most));
    if (!whole) out = out.slice(0, Math.max(0, out.length - CUT_MARGIN));
    if (out.length > this.#chars) out = `${out.slice(0, this.#chars)}…`;
    else if (!whole) out = `${out}…`;
    this.#chars -= out.length;
    return out;
  }

  /** A card number can be a number. */
  #number(value: number): number | string {
    if (!Number.isInteger(value) || Math.abs(value) < 1e12) return value;
    const text = this.#text(String(value));
    return text === String(value) ? value : text;
  }

  #object(value: object, depth: number): unknown {
    if (this.#above.has(value)) return '[circular]';
    if (depth >= this.#maxDepth) return '[too deep]';
    this.#above.add(value);
    try {
      return this.#contents(value, depth + 1);
    } catch {
      return '[unreadable]';
    } finally {
      this.#above.delete(value);
    }
  }

  #contents(value: object, depth: number): unknown {
    if (Array.isArray(value)) return this.#list(value, depth);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[invalid date]' : value.toISOString();
    if (ArrayBuffer.isView(value)) return `[binary, ${value.byteLength} bytes]`;
    if (value instanceof Map) return this.#entries([...first(value.entries(), this.#maxEntries)], depth);
    if (value instanceof Set) return this.#list([...first(value.values(), this.#maxEntries)], depth);
    if (value instanceof RegExp || value instanceof URL) return this.#text(String(value));
    if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) return '[object]';
    const keys = Object.keys(value);
    // The useful members of an error are not enumerable.
    if (value instanceof Error) {
      for (const key of ['stack', 'message', 'name']) if (!keys.includes(key)) keys.unshift(key);
      if (!keys.includes('cause') && 'cause' in value) keys.push('cause');
      if (!keys.includes('errors') && 'errors' in value) keys.push('errors');
    }
    return this.#entries(
      keys.slice(0, this.#maxEntries).map((key) => [key, () => (value as Record<string, unknown>)[key]]),
      depth,
      true,
    );
  }

  /** `lazy`: values are functions that read a property, which may throw. */
  #entries(entries: readonly (readonly [unknown, unknown])[], depth: number, lazy = false): unknown {
    const out: Record<string, unknown> = {};
    const read = (value: unknown) => (lazy ? attempt(value as () => unknown) : value);
    // { name: 'authorization', value: '…' } is a secret under a name, too.
    const label = entries.find(([key]) => key === 'name' || key === 'key' || key === 'header');
    const named = label === undefined ? undefined : read(label[1]);
    const secretValue = typeof named === 'string' && isSecretName(named);
    for (const [rawKey, rawValue] of entries) {
      const plain = typeof rawKey === 'string' ? rawKey : describeKey(rawKey);
      const member = read(rawValue);
      const hidden = isSecretMember(plain, member) || (secretValue && plain === 'value');
      const shown = hidden ? hide(member) : this.value(member, depth);
      let key = this.#text(plain);
      while (Object.hasOwn(out, key)) key += '_';
      Object.defineProperty(out, key, { value: shown, enumerable: true, writable: true, configurable: true });
    }
    return out;
  }

  #list(list: readonly unknown[], depth: number): unknown[] {
    const out: unknown[] = [];
    const length = Math.min(list.length, this.#maxEntries);
    let hideNext = false;
    for (let at = 0; at < length; at++) {
      const item = attempt(() => list[at]);
      // Raw headers and key-value pairs: the name, then the secret.
      out.push(hideNext ? hide(item) : this.value(item, depth));
      hideNext = !hideNext && typeof item === 'string' && isSecretName(item);
    }
    if (list.length > length) out.push(`[${list.length - length} more]`);
    return out;
  }
}

/** A missing value stays visible: a missing password is a cause of errors. */
const hide = (value: unknown): unknown =>
  value === undefined || value === null || value === '' || typeof value === 'boolean' ? value : REDACTED;

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return '[unreadable]';
  }
}

function describeKey(key: unknown): string {
  try {
    return typeof key === 'object' && key !== null ? '[object]' : String(key);
  } catch {
    return '[unreadable]';
  }
}

function* first<T>(values: Iterable<T>, most: number): Generator<T> {
  let left = most;
  for (const value of values) {
    if (left-- <= 0) return;
    yield value;
  }
}
