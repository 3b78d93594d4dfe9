import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, EVENT_STREAM } from '@gridworks/contracts';
import { JETSTREAM_API, STORE_API } from '../permissions/nats-permissions.ts';
import { unavailable } from '../wire/error-envelope.ts';
import { NO_RESPONDERS } from '../wire/request-faults.ts';
import { parseJson } from '../wire/safe-json.ts';
import type { Connection } from './connection.ts';
import type { RequestMux } from './request-mux.ts';

/** A stream as JetStream describes it. */
export interface StreamInfo {
  /** RFC 3339. Another value means that the stream was created again. */
  readonly created: string;
  readonly config: { readonly max_bytes: number };
  readonly state: {
    readonly bytes: number;
    readonly messages: number;
    readonly last_seq: number;
    /** Messages by subject, when requested. */
    readonly subjects?: Readonly<Record<string, number>> | null;
  };
}

export interface ConsumerInfo {
  readonly num_pending: number;
  readonly num_ack_pending: number;
  readonly num_redelivered: number;
  readonly delivered: { readonly stream_seq: number };
  readonly config: { readonly ack_wait: number };
}

/** One stored message. */
export interface StoredMessage {
  readonly subject: string;
  readonly seq: number;
  readonly headers: string;
  readonly data: Uint8Array;
}

interface ApiError {
  readonly code: number;
  readonly err_code: number;
  readonly description: string;
}

const TIMEOUT_MS = 1000;
const PROBE = { deadlineMs: TIMEOUT_MS, repeatable: true };
const POLL_EVERY_MS = 25;
const NOT_FOUND = 404;
const MESSAGE_NOT_FOUND = 10037;

/** JetStream responded with an error. */
export class StoreError extends Error {
  override readonly name = 'JetStreamError';
  readonly code: number;
  readonly status: number;

  constructor({ code, err_code, description }: ApiError) {
    super(description);
    this.code = err_code;
    this.status = code;
  }
}

/** The stream or consumer does not exist. */
export const isMissing = (error: unknown): boolean =>
  error instanceof StoreError && error.status === NOT_FOUND;

/**
 * The part of JetStream's API that a service may use: reading state and messages. Only the provisioner
 * creates anything.
 */
export class StoreApi {
  readonly #connection: Connection;
  readonly #mux: RequestMux;
  #prefix: Promise<string> | undefined;

  constructor(connection: Connection, mux: RequestMux) {
    this.#connection = connection;
    this.#mux = mux;
    connection.onState(() => {
      this.#prefix = undefined;
    });
  }

  /**
   * Prefix of the subjects of the API: `$STORE.API` where services and streams have accounts of their own, as
   * everywhere with `renderNatsConfig`; `$JS.API` on a server without such a configuration. Determined once
   * per connection.
   */
  prefix(): Promise<string> {
    this.#prefix ??= this.#findPrefix();
    return this.#prefix;
  }

  async #findPrefix(): Promise<string> {
    try {
      await this.#mux.request(`${STORE_API}.STREAM.INFO.${EVENT_STREAM.name}`, '', PROBE);
    } catch (error) {
      // An import always has a responder, so a server that has the import never reports "no responders".
      if (error instanceof AppError && error.cause === NO_RESPONDERS) return JETSTREAM_API;
    }
    return STORE_API;
  }

  /** @param subjects the subjects of the stream to count; none by default */
  streamInfo(stream: string, subjects?: string): Promise<StreamInfo> {
    const body = subjects === undefined ? '' : JSON.stringify({ subjects_filter: subjects });
    return this.#request(`STREAM.INFO.${stream}`, body) as Promise<StreamInfo & object>;
  }

  consumerInfo(stream: string, consumer: string): Promise<ConsumerInfo> {
    return this.#request(`CONSUMER.INFO.${stream}.${consumer}`) as Promise<ConsumerInfo & object>;
  }

  /** The last message of a subject, or the first one from a position on; null when there is none. */
  async message(
    stream: string,
    query: { last_by_subj: string } | { seq: number; next_by_subj: string },
  ): Promise<StoredMessage | null> {
    try {
      const { message } = (await this.#request(`STREAM.MSG.GET.${stream}`, JSON.stringify(query))) as {
        message: { subject: string; seq: number; hdrs?: string; data?: string };
      };
      return {
        subject: message.subject,
        seq: message.seq,
        headers: Buffer.from(message.hdrs ?? '', 'base64').toString('latin1'),
        data: Buffer.from(message.data ?? '', 'base64'),
      };
    } catch (error) {
      if (error instanceof StoreError && error.code === MESSAGE_NOT_FOUND) return null;
      throw error;
    }
  }

  /**
   * Resolves once the stream exists: the provisioner creates a lost stream within two seconds. Returns true
   * when it had to wait. Throws UNAVAILABLE when the stream does not exist after `withinMs`.
   */
  async untilThere(stream: string, withinMs = 3000): Promise<boolean> {
    const end = performance.now() + withinMs;
    for (let polls = 0; ; polls++) {
      try {
        await this.streamInfo(stream);
        return polls > 0;
      } catch (error) {
        this.#connection.assertConnected();
        if (performance.now() > end || (error instanceof AppError && error.kind === 'forbidden'))
          throw unavailable(`The stream ${stream} does not exist`, error);
      }
      await sleep(POLL_EVERY_MS);
    }
  }

  /** Throws an AppError (no response) or a StoreError (an error response). */
  async #request(verb: string, body = ''): Promise<object> {
    this.#connection.assertConnected();
    const reply = await this.#mux.request(`${await this.prefix()}.${verb}`, body, {
      deadlineMs: TIMEOUT_MS,
      repeatable: true,
    });
    const response = parseJson(reply.data) as { error?: ApiError };
    if (response.error) throw new StoreError(response.error);
    return response;
  }
}
