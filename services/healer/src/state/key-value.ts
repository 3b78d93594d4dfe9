/** A value and the revision under which it may be replaced. */
export interface Stored<T> {
  readonly value: T;
  readonly revision: number;
}

/**
 * The part of a key-value bucket that the healer needs: compare-and-set. `create` and `update` return null on
 * a conflict with another write. All methods throw `PLATFORM.UNAVAILABLE` while the bus is away.
 */
export interface KeyValue<T> {
  get(key: string): Promise<Stored<T> | null>;
  create(key: string, value: T): Promise<number | null>;
  update(key: string, value: T, revision: number): Promise<number | null>;
}

/** A bucket whose values are also kept in memory and watched. */
export interface WatchedKeyValue<T> extends KeyValue<T> {
  delete(key: string): Promise<unknown>;
  keys(): Promise<string[]>;
}

/** Replaces one document while others may write it: reads, changes, and starts over on a conflict. */
export async function replaceDocument<T, R>(
  bucket: KeyValue<T>,
  key: string,
  empty: T,
  change: (document: T) => { readonly next: T | null; readonly result: R },
): Promise<R> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const stored = await bucket.get(key);
    const { next, result } = change(stored?.value ?? empty);
    if (next === null) return result;
    const written = stored ? await bucket.update(key, next, stored.revision) : await bucket.create(key, next);
    if (written !== null) return result;
  }
  throw new Error(`${key} changes too fast to be written`);
}
