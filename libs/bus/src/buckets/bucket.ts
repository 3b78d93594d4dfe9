import { AppError, type BucketName, INTERNAL } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { z } from 'zod';
import type { Connection } from '../connection/connection.ts';
import type { RequestMux } from '../connection/request-mux.ts';
import { isMissing, type StoreApi, type StoredMessage, StoreError } from '../connection/store-api.ts';
import { unavailable } from '../wire/error-envelope.ts';
import { parseJson } from '../wire/safe-json.ts';
import { plainHeaders } from '../wire/wire-headers.ts';
import { followBucket } from './bucket-watch.ts';
import { UnreadableValue } from './unreadable-value.ts';

/** A value and its revision: the number of the change that wrote it. A later change has a greater number. */
export interface BucketEntry<T> {
  readonly value: T;
  readonly revision: number;
}

/** A change as a watcher receives it: `value` is null when the key was deleted. */
export interface BucketChange<T> {
  readonly key: string;
  readonly value: T | null;
  readonly revision: number;
}

const WRITE_TIMEOUT_MS = 1000;
const WRONG_LAST_SEQUENCE = 10071;
const KEY_FORM = /^[A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]+)*$/;
const EXPECTED_REVISION = 'Nats-Expected-Last-Subject-Sequence';
const OPERATION = 'KV-Operation';

/**
 * Values of one shape by key, with compare-and-set. The bucket keeps one value per key; an entry expires
 * after the bucket's time to live. Every operation throws UNAVAILABLE within seconds when the bus is away,
 * and waits for the provisioner when the server lost the bucket. No operation needs a consumer, so no service
 * needs the right to create one.
 */
export class Bucket<T> {
  readonly #name: BucketName;
  readonly #stream: string;
  readonly #schema: z.ZodType<T>;
  readonly #connection: Connection;
  readonly #mux: RequestMux;
  readonly #store: StoreApi;
  readonly #logger: Logger | undefined;

  constructor(
    name: BucketName,
    schema: z.ZodType<T>,
    connection: Connection,
    mux: RequestMux,
    store: StoreApi,
    logger: Logger | undefined,
  ) {
    this.#name = name;
    this.#stream = `KV_${name}`;
    this.#schema = schema;
    this.#connection = connection;
    this.#mux = mux;
    this.#store = store;
    this.#logger = logger;
  }

  /** The current value, or null. */
  async get(key: string): Promise<BucketEntry<T> | null> {
    const stored = await this.#last(key);
    return stored && !isDeleted(stored) ? { value: this.#read(stored), revision: stored.seq } : null;
  }

  /** The new revision, or null when the key has a value. */
  async create(key: string, value: T): Promise<number | null> {
    const body = this.#write(value);
    const made = await this.#put(key, body, { [EXPECTED_REVISION]: '0' });
    if (made !== null) return made;
    const stored = await this.#last(key);
    // A deleted key leaves a marker, which has a revision.
    return stored && isDeleted(stored)
      ? this.#put(key, body, { [EXPECTED_REVISION]: String(stored.seq) })
      : null;
  }

  /** The new revision, or null when the stored value has another revision. */
  async update(key: string, value: T, revision: number): Promise<number | null> {
    return this.#put(key, this.#write(value), { [EXPECTED_REVISION]: String(revision) });
  }

  /** Writes the value, whatever is stored. Returns the new revision. */
  async put(key: string, value: T): Promise<number> {
    return (await this.#put(key, this.#write(value), {})) as number;
  }

  /**
   * Returns whether the key was deleted: false when a revision was given and the stored value has another.
   */
  async delete(key: string, options: { revision?: number } = {}): Promise<boolean> {
    const { revision } = options;
    const expected: Record<string, string> =
      revision === undefined ? {} : { [EXPECTED_REVISION]: String(revision) };
    return (await this.#put(key, '', { [OPERATION]: 'DEL', ...expected })) !== null;
  }

  /** All keys that have a value, in no particular order. */
  keys(): Promise<string[]> {
    return this.#run(async () => {
      const keys: string[] = [];
      for await (const stored of this.#all(1)) if (!isDeleted(stored)) keys.push(this.#keyOf(stored));
      return keys;
    });
  }

  /**
   * Calls the handler with every stored value, then with every change, one after another, until `stop`. When
   * changes of one key follow each other faster than they are read, only the last one is delivered. After a
   * reconnect the watch starts again with every stored value. A change that does not fit the schema is
   * skipped.
   */
  watch(handler: (change: BucketChange<T>) => void | Promise<void>): { stop(): void } {
    const stopped = new AbortController();
    void followBucket({
      subject: this.#subject('>'),
      connection: this.#connection,
      signal: stopped.signal,
      state: () => this.#run(() => this.#store.streamInfo(this.#stream)),
      from: (revision) => this.#all(revision),
      take: async (stored) => {
        const change = this.#changeOf(stored);
        if (change) await handler(change);
      },
      onBroken: (error) => this.#logger?.log('bucket.watch_broken', { error, bucket: this.#name }),
    });
    return { stop: () => stopped.abort() };
  }

  #subject(key: string): string {
    return `$KV.${this.#name}.${key}`;
  }

  #keyOf({ subject }: StoredMessage): string {
    return subject.slice(this.#subject('').length);
  }

  #last(key: string): Promise<StoredMessage | null> {
    requireKey(key);
    return this.#run(() => this.#store.message(this.#stream, { last_by_subj: this.#subject(key) }));
  }

  /** Every entry from a revision on, deleted ones included, in the order of their changes. */
  async *#all(revision: number): AsyncGenerator<StoredMessage> {
    for (let seq = revision; ; ) {
      const stored = await this.#store.message(this.#stream, { seq, next_by_subj: this.#subject('>') });
      if (!stored) return;
      yield stored;
      seq = stored.seq + 1;
    }
  }

  #changeOf(stored: StoredMessage): BucketChange<T> | null {
    const key = this.#keyOf(stored);
    try {
      return { key, value: isDeleted(stored) ? null : this.#read(stored), revision: stored.seq };
    } catch (error) {
      this.#logger?.log('bucket.value_invalid', { error, bucket: this.#name, key });
      return null;
    }
  }

  #write(value: T): string {
    return JSON.stringify(this.#schema.parse(value));
  }

  #read(stored: StoredMessage): T {
    try {
      return this.#schema.parse(parseJson(stored.data));
    } catch (cause) {
      throw new AppError(INTERNAL, {
        detail: `The value of ${this.#name}/${this.#keyOf(stored)} does not fit its schema`,
        cause: new UnreadableValue(
          this.#keyOf(stored),
          stored.seq,
          Buffer.from(stored.data).toString(),
          cause,
        ),
      });
    }
  }

  /** The new revision, or null when the stored revision is not the expected one. */
  async #put(key: string, body: string, headers: Record<string, string>): Promise<number | null> {
    requireKey(key);
    try {
      return await this.#run(() => this.#send(key, body, headers));
    } catch (error) {
      if (error instanceof StoreError && error.code === WRONG_LAST_SEQUENCE) return null;
      throw error instanceof StoreError
        ? unavailable(`The bucket ${this.#name} refused the value: ${error.message}`, error)
        : error;
    }
  }

  async #send(key: string, body: string, headers: Record<string, string>): Promise<number> {
    const reply = await this.#mux.request(this.#subject(key), body, {
      deadlineMs: WRITE_TIMEOUT_MS,
      headers: plainHeaders(headers),
      repeatable: true,
    });
    const ack = parseJson(reply.data) as {
      seq?: number;
      error?: { code: number; err_code: number; description: string };
    };
    if (ack.error) throw new StoreError(ack.error);
    if (!ack.seq) throw unavailable(`The bucket ${this.#name} sent an invalid response`);
    return ack.seq;
  }

  /** Retries once the provisioner has created a bucket again that the server lost. */
  async #run<R>(attempt: () => Promise<R>): Promise<R> {
    this.#connection.assertConnected();
    try {
      return await this.#connection.whileConnected(attempt());
    } catch (error) {
      if (!isAway(error)) throw error;
      this.#connection.assertConnected();
    }
    try {
      await this.#store.untilThere(this.#stream);
      return await this.#connection.whileConnected(attempt());
    } catch (error) {
      if (!isAway(error)) throw error;
      throw unavailable(`The bucket ${this.#name} does not respond`, error);
    }
  }
}

function requireKey(key: string): void {
  if (!KEY_FORM.test(key)) throw new TypeError(`not a key of a bucket: ${key}`);
}

/** Nothing responded, or the bucket does not exist. */
function isAway(error: unknown): boolean {
  if (error instanceof AppError) return error.kind === 'unavailable' || error.kind === 'deadline_exceeded';
  return isMissing(error);
}

/** Deleted by its owner (`DEL`, `PURGE`), or by the server after its time to live. */
function isDeleted({ headers }: StoredMessage): boolean {
  return headers.includes(`\r\n${OPERATION}: `) || headers.includes('\r\nNats-Marker-Reason: ');
}
