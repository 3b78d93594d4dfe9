import { UnreadableValue } from '@gridworks/bus';
import type { Logger } from '@gridworks/observability';
import type { Stored, WatchedKeyValue } from './key-value.ts';

/** Characters of an unreadable value that are kept in the log. */
const KEPT_CHARACTERS = 20_000;

type Source<T> = WatchedKeyValue<T>;

/**
 * A bucket in which an unreadable value stops nothing: its substitute is returned, with the stored revision,
 * so that the next write replaces the value. The unreadable text is kept in the log. `unreadable` lists the
 * keys concerned.
 */
export class TolerantBucket<T> implements WatchedKeyValue<T> {
  /** Key, and the revision that could not be read. */
  readonly #unreadable = new Map<string, number>();
  readonly #found = new Set<string>();

  constructor(
    readonly name: string,
    private readonly source: Source<T>,
    /** Stands for an unreadable value. With null the value counts as absent and cannot be replaced. */
    private readonly substitute: (() => T) | null,
    private readonly logger: Pick<Logger, 'log'>,
  ) {}

  async get(key: string): Promise<Stored<T> | null> {
    try {
      const stored = await this.source.get(key);
      this.#unreadable.delete(key);
      return stored;
    } catch (error) {
      const cause = (error as { cause?: unknown } | null)?.cause;
      if (!(cause instanceof UnreadableValue)) throw error;
      this.#note(key, cause);
      return this.substitute && { value: this.substitute(), revision: cause.revision };
    }
  }

  async create(key: string, value: T): Promise<number | null> {
    return this.#written(key, await this.source.create(key, value));
  }

  async update(key: string, value: T, revision: number): Promise<number | null> {
    return this.#written(key, await this.source.update(key, value, revision));
  }

  async delete(key: string): Promise<unknown> {
    const deleted = await this.source.delete(key);
    this.#unreadable.delete(key);
    return deleted;
  }

  keys(): Promise<string[]> {
    return this.source.keys();
  }

  /** The revision of a value that cannot be read; undefined when the key was readable, or was never read. */
  unreadableRevision(key: string): number | undefined {
    return this.#unreadable.get(key);
  }

  /** Keys whose values could not be read at the last attempt. */
  unreadableKeys(): string[] {
    return [...this.#unreadable.keys()];
  }

  /**
   * Reads each unreadable value again, and returns the keys that are still unreadable, and those that were
   * found since the last call and replaced meanwhile, so that they are reported, too. Throws while the bus is
   * away.
   */
  async unreadable(): Promise<string[]> {
    for (const key of [...this.#unreadable.keys()]) await this.get(key);
    const keys = new Set([...this.#found, ...this.#unreadable.keys()]);
    this.#found.clear();
    return [...keys];
  }

  #written(key: string, revision: number | null): number | null {
    if (revision !== null) this.#unreadable.delete(key);
    return revision;
  }

  #note(key: string, { revision, text, cause }: UnreadableValue): void {
    if (this.#unreadable.get(key) === revision) return;
    this.#unreadable.set(key, revision);
    this.#found.add(key);
    this.logger.log('stored_state.unreadable', {
      error: cause,
      bucket: this.name,
      key,
      revision,
      value: text.slice(0, KEPT_CHARACTERS),
    });
  }
}
