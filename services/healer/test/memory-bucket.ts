import { AppError, UNAVAILABLE } from '@gridworks/contracts';
import type { Stored, WatchedKeyValue } from '../src/state/key-value.ts';

/** A bucket in memory with the compare-and-set of the real one, and an outage on demand. */
export class MemoryBucket<T> implements WatchedKeyValue<T> {
  readonly #entries = new Map<string, Stored<T>>();
  readonly #watchers: ((key: string, stored: Stored<T> | null) => void)[] = [];
  #revision = 0;
  /** Everything fails as while the bus is away. */
  away = false;
  /** The next write happens, and its response is lost. */
  loseNextResponse = false;

  async get(key: string): Promise<Stored<T> | null> {
    this.#assertThere();
    return structuredClone(this.#entries.get(key) ?? null);
  }

  async create(key: string, value: T): Promise<number | null> {
    this.#assertThere();
    return this.#entries.has(key) ? null : this.#put(key, value);
  }

  async update(key: string, value: T, revision: number): Promise<number | null> {
    this.#assertThere();
    return this.#entries.get(key)?.revision === revision ? this.#put(key, value) : null;
  }

  async delete(key: string): Promise<boolean> {
    this.#assertThere();
    for (const watcher of this.#watchers) watcher(key, null);
    return this.#entries.delete(key);
  }

  async keys(): Promise<string[]> {
    this.#assertThere();
    return [...this.#entries.keys()];
  }

  watch(watcher: (key: string, stored: Stored<T> | null) => void): void {
    this.#watchers.push(watcher);
  }

  #put(key: string, value: T): number {
    const stored = { value: structuredClone(value), revision: ++this.#revision };
    this.#entries.set(key, stored);
    for (const watcher of this.#watchers) watcher(key, stored);
    if (this.loseNextResponse) {
      this.loseNextResponse = false;
      throw new AppError(UNAVAILABLE);
    }
    return stored.revision;
  }

  #assertThere(): void {
    if (this.away) throw new AppError(UNAVAILABLE);
  }
}
