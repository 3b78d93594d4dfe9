/**
 * Last good values by key, used when there is no fresh one. Bounded; the least recently used is dropped
 * first.
 */
export class StaleCache<V> {
  readonly maxEntries: number;
  /** The maximum age of a value that may be used, in milliseconds. */
  readonly staleMs: number;
  readonly #entries = new Map<string, { value: V; at: number }>();
  readonly #now: () => number;

  constructor(options: { maxEntries?: number; staleMs?: number } = {}, now: () => number = Date.now) {
    this.maxEntries = options.maxEntries ?? 1_000;
    this.staleMs = options.staleMs ?? 300_000;
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  put(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, at: this.#now() });
    if (this.#entries.size > this.maxEntries)
      this.#entries.delete(this.#entries.keys().next().value as string);
  }

  /** The value and its age, or null when there is none or it is too old. */
  get(key: string): { value: V; ageMs: number } | null {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    const ageMs = this.#now() - entry.at;
    if (ageMs > this.staleMs) {
      this.#entries.delete(key);
      return null;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return { value: entry.value, ageMs };
  }

  clear(): void {
    this.#entries.clear();
  }
}
