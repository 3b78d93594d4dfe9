/** The caches of this process that a control request may clear. */
export class CacheRegistry {
  readonly #clears = new Map<string, () => void | Promise<void>>();

  /** Throws when the name is taken. */
  register(name: string, clear: () => void | Promise<void>): void {
    if (this.#clears.has(name)) throw new Error(`a cache ${name} is registered already`);
    this.#clears.set(name, clear);
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
