import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, BUCKETS, type BucketName, INTERNAL } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { JetStreamApiError, type JetStreamClient } from '@nats-io/jetstream';
import { type KV, type KvEntry, Kvm, type KvWatchEntry } from '@nats-io/kv';
import type { z } from 'zod';
import type { Connection } from './connection.ts';
import { unavailable } from './error-envelope.ts';
import { parseJson } from './safe-json.ts';

/** A value and the number of the change that made it; a later change has a greater one. */
export interface BucketEntry<T> {
  readonly value: T;
  readonly revision: number;
}

/** What a watcher hears: `value` is null when the key was deleted. */
export interface BucketChange<T> {
  readonly key: string;
  readonly value: T | null;
  readonly revision: number;
}

const wrongLastSequence = 10071;
const maxBytes = 16 * 1024 ** 2;
const keyForm = /^[A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]+)*$/;

/**
 * Values of one shape by key, with compare-and-set. One value a key is kept; an entry vanishes after the
 * bucket's time to live. Every operation throws UNAVAILABLE within a second when the bus is away, and makes the
 * bucket anew when the server lost it.
 */
export class Bucket<T> {
  readonly #name: BucketName;
  readonly #schema: z.ZodType<T>;
  readonly #connection: Connection;
  readonly #kvm: Kvm;
  readonly #logger: Logger | undefined;
  #kv: Promise<KV> | undefined;

  constructor(
    name: BucketName,
    schema: z.ZodType<T>,
    connection: Connection,
    js: JetStreamClient,
    logger: Logger | undefined,
  ) {
    this.#name = name;
    this.#schema = schema;
    this.#connection = connection;
    this.#kvm = new Kvm(js);
    this.#logger = logger;
  }

  /** The value now, or null. */
  async get(key: string): Promise<BucketEntry<T> | null> {
    const entry = await this.#run(key, (kv) => kv.get(key));
    return entry && entry.operation === 'PUT' ? { value: this.#read(entry), revision: entry.revision } : null;
  }

  /** The new revision, or null when the key has a value. */
  create(key: string, value: T): Promise<number | null> {
    return this.#run(key, (kv) => unlessConflict(kv.create(key, this.#write(value))));
  }

  /** The new revision, or null when the value is no longer of this revision. */
  update(key: string, value: T, revision: number): Promise<number | null> {
    return this.#run(key, (kv) => unlessConflict(kv.update(key, this.#write(value), revision)));
  }

  /** Sets the value whatever was there. Answers the new revision. */
  put(key: string, value: T): Promise<number> {
    return this.#run(key, (kv) => kv.put(key, this.#write(value)));
  }

  /** Whether it was deleted: false when a revision was given and the value is of another. */
  async delete(key: string, options: { revision?: number } = {}): Promise<boolean> {
    const { revision } = options;
    const deleted = await this.#run(key, (kv) =>
      unlessConflict(
        kv.delete(key, revision === undefined ? {} : { previousSeq: revision }).then(() => true),
      ),
    );
    return deleted === true;
  }

  /** All keys that have a value, in no order. */
  keys(): Promise<string[]> {
    return this.#run(undefined, async (kv) => {
      const keys: string[] = [];
      for await (const key of await kv.keys()) keys.push(key);
      return keys;
    });
  }

  /**
   * Calls the handler with every value there is, then with every change, one after another, until `stop`. After
   * a reconnect it begins again with every value there is. A change that does not fit the schema is left out.
   */
  watch(handler: (change: BucketChange<T>) => void | Promise<void>): { stop(): void } {
    const stopped = new AbortController();
    void this.#watch(handler, stopped.signal);
    return { stop: () => stopped.abort() };
  }

  async #watch(
    handler: (change: BucketChange<T>) => void | Promise<void>,
    stopped: AbortSignal,
  ): Promise<void> {
    while (!stopped.aborted && this.#connection.state() !== 'closed') {
      try {
        const entries = await this.#run(undefined, (kv) => kv.watch());
        const end = (): void => entries.stop();
        stopped.addEventListener('abort', end, { once: true });
        const off = this.#connection.onState(end);
        for await (const entry of entries) {
          const change = this.#changeOf(entry);
          if (change && !stopped.aborted) await handler(change);
        }
        off();
        stopped.removeEventListener('abort', end);
      } catch (error) {
        this.#logger?.warn({ error, bucket: this.#name }, 'a watch broke; it begins again');
      }
      await sleep(250, undefined, { ref: false });
    }
  }

  #changeOf(entry: KvWatchEntry): BucketChange<T> | null {
    try {
      const value = entry.operation === 'PUT' ? this.#read(entry) : null;
      return { key: entry.key, value, revision: entry.revision };
    } catch (error) {
      this.#logger?.error(
        { error, bucket: this.#name, key: entry.key },
        'a stored value is not of its shape',
      );
      return null;
    }
  }

  #write(value: T): string {
    return JSON.stringify(this.#schema.parse(value));
  }

  #read(entry: KvEntry): T {
    try {
      return this.#schema.parse(parseJson(entry.value));
    } catch (cause) {
      throw new AppError(INTERNAL, {
        detail: `The value of ${this.#name}/${entry.key} is not of its shape`,
        cause,
      });
    }
  }

  async #run<R>(key: string | undefined, operation: (kv: KV) => Promise<R>): Promise<R> {
    if (key !== undefined && !keyForm.test(key)) throw new TypeError(`not a key of a bucket: ${key}`);
    this.#connection.assertConnected();
    try {
      return await this.#attempt(operation);
    } catch (error) {
      if (error instanceof AppError || isShapeError(error)) throw error;
      this.#connection.assertConnected();
    }
    // The bucket may be gone; opening it makes it.
    this.#kv = undefined;
    try {
      return await this.#attempt(operation);
    } catch (error) {
      this.#kv = undefined;
      if (error instanceof AppError || isShapeError(error)) throw error;
      throw unavailable(`The bucket ${this.#name} does not answer`, error);
    }
  }

  async #attempt<R>(operation: (kv: KV) => Promise<R>): Promise<R> {
    this.#kv ??= this.#open();
    const kv = await this.#kv;
    return this.#connection.whileConnected(operation(kv));
  }

  #open(): Promise<KV> {
    const settings: { ttlMs: number; maxBytes?: number } = BUCKETS[this.#name];
    return this.#kvm.create(this.#name, {
      history: 1,
      ttl: settings.ttlMs,
      max_bytes: settings.maxBytes ?? maxBytes,
      // Reads by the leader, so that what was just written is what is read.
      allow_direct: false,
    });
  }
}

const isShapeError = (error: unknown): boolean => error instanceof Error && error.name === 'ZodError';

async function unlessConflict<R>(written: Promise<R>): Promise<R | null> {
  try {
    return await written;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === wrongLastSequence) return null;
    throw error;
  }
}
