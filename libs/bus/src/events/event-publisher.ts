import { AppError, type EventContract } from '@gridworks/contracts';
import { currentContext } from '@gridworks/observability';
import type { Msg } from '@nats-io/transport-node';
import type { z } from 'zod';
import type { Connection } from '../connection/connection.ts';
import type { RequestMux } from '../connection/request-mux.ts';
import { toCloudEvent } from '../wire/cloud-event.ts';
import { unavailable } from '../wire/error-envelope.ts';
import { parseJson } from '../wire/safe-json.ts';
import { plainHeaders } from '../wire/wire-headers.ts';
import type { EventStreams } from './event-streams.ts';

/**
 * The position at which JetStream stored the event. `duplicate`: JetStream had stored it before, within two
 * minutes, under the same id.
 */
export interface PublishAck {
  readonly sequence: number;
  readonly duplicate: boolean;
}

export interface PublishOptions {
  /** Id of the event; a new one by default. An event with the same id is stored only once. */
  readonly id?: string | undefined;
  readonly partnerId?: string | undefined;
  readonly traceparent?: string | undefined;
  /**
   * `Nats-Msg-Id` when it must differ from the id, as in a replay after the stream's deduplication window.
   */
  readonly dedupId?: string | undefined;
}

interface JetStreamAck {
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly code: number; readonly err_code: number; readonly description: string };
}

const ACK_TIMEOUT_MS = 2000;

/** Publishes to JetStream and waits until the event is stored. */
export class EventPublisher {
  readonly #connection: Connection;
  readonly #mux: RequestMux;
  readonly #streams: EventStreams;
  readonly #source: string;

  constructor(connection: Connection, mux: RequestMux, streams: EventStreams, source: string) {
    this.#connection = connection;
    this.#mux = mux;
    this.#streams = streams;
    this.#source = source;
  }

  async publish<C extends EventContract>(
    contract: C,
    payload: z.input<C['payload']>,
    options: PublishOptions,
  ): Promise<PublishAck> {
    const event = toCloudEvent(contract, payload, {
      ...options,
      traceparent: options.traceparent ?? currentContext()?.traceparent,
      source: this.#source,
    });
    return this.publishRaw(contract.subject, JSON.stringify(event), {
      'Nats-Msg-Id': options.dedupId ?? event.id,
    });
  }

  /**
   * Resolves once the message is stored. Throws UNAVAILABLE when it was not stored, or may not have been; the
   * caller may then repeat it with the same `Nats-Msg-Id`. When the stream is gone (a power cut), waits for
   * the provisioner to create it again.
   */
  async publishRaw(
    subject: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>>,
  ): Promise<PublishAck> {
    const reply = await this.#send(subject, body, headers);
    const ack = readAck(reply.data);
    // A refusal also has a sequence: 0.
    if (ack?.seq && !ack.error) return { sequence: ack.seq, duplicate: ack.duplicate === true };
    throw unavailable(
      `The event was not stored: ${ack?.error?.description ?? 'the acknowledgement is invalid'}`,
    );
  }

  async #send(
    subject: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>>,
  ): Promise<Msg> {
    const options = { deadlineMs: ACK_TIMEOUT_MS, headers: plainHeaders(headers), repeatable: true };
    this.#connection.assertConnected();
    try {
      return await this.#mux.request(subject, body, options);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === 'forbidden' || error.kind === 'invalid_input')
        throw error;
      this.#connection.assertConnected();
    }
    // Nothing stored the event: the stream is gone, though another client may be subscribed to its subject.
    try {
      await this.#streams.ready();
      return await this.#mux.request(subject, body, options);
    } catch (cause) {
      throw unavailable('The event was not stored: JetStream does not respond', cause);
    }
  }
}

function readAck(body: Uint8Array): JetStreamAck | undefined {
  try {
    return parseJson(body) as JetStreamAck;
  } catch {
    return undefined;
  }
}
