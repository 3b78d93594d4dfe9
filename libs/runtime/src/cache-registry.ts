/** How often a cache was asked for something that exists, since the start of the process. */
export interface CacheCounts {
  readonly hits: number;
  readonly misses: number;
}

/** The caches of this process that a control request may clear. */
export class CacheRegistry {
  readonly #clears = new Map<string, () => void | Promise<void>>();
  readonly #counts = new Map<string, () => CacheCounts>();

  /** `count`: where the cache counts; its figures go into the pulse. Throws when the name is taken. */
  register(name: string, clear: () => void | Promise<void>, count?: () => CacheCounts): void {
    if (this.#clears.has(name)) throw new Error(`a cache ${name} is registered already`);
    this.#clears.set(name, clear);
    if (count) this.#counts.set(name, count);
  }

  /** The figures of each cache that counts. */
  counts(): ({ name: string } & CacheCounts)[] {
    return [...this.#counts].map(([name, count]) => ({ name, ...count() }));
  }

  /** Clears all caches; returns the names of those that were cleared. */
  async clearAll(): Promise<string[]> {
    const cleared: string[] = [];
    for (const [name, clear] of this.#clears) {
      try {
        await clear();
        cleared.push(name);
      } catch {
        // a cache that cannot be cleared is missing in the response
      }
    }
    return cleared;
  }
}
