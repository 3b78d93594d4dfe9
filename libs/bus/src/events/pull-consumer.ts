import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@gridworks/observability';
import { createInbox, type Msg, nanos, type Subscription } from '@nats-io/transport-node';
import type { Connection } from '../connection/connection.ts';
import type { StoreApi } from '../connection/store-api.ts';
import { ACK_WAIT_MS } from '../permissions/provision-plan.ts';
import { hasHeaders, readHeader, statusOf } from '../wire/wire-headers.ts';

/** One delivery of one stored message. Exactly one of `done`, `again` and `giveUp` ends it. */
export interface Delivery {
  readonly message: Msg;
  readonly subject: string;
  readonly body: Uint8Array;
  /** Position in the stream. */
  readonly sequence: number;
  /** 1 for the first delivery. */
  readonly deliveries: number;
  /** When the stream stored the message, in ms since the epoch. */
  readonly storedAt: number;
  done(): void;
  /** @param delayMs the minimum delay until the next delivery, in milliseconds */
  again(delayMs: number): void;
  giveUp(): void;
}

export interface PullConsumerOptions {
  readonly stream: string;
  readonly name: string;
  readonly concurrency: number;
  readonly inboxPrefix: string;
  readonly settle: (delivery: Delivery) => Promise<void>;
}

const PULL_EXPIRES_MS = 30_000;
const HEARTBEAT_MS = 5000;
const RETRY_MS = 500;

/**
 * A durable pull consumer that never holds more messages than it handles: it requests only as many as it can
 * start at once, so no message waits here while its time to acknowledge runs. The provisioner creates the
 * consumer, and creates it again when the server lost it; this class then requests messages again, as after a
 * reconnect.
 */
export class PullConsumer {
  readonly #connection: Connection;
  readonly #store: StoreApi;
  readonly #options: PullConsumerOptions;
  readonly #logger: Logger | undefined;
  readonly #inbox: string;
  readonly #subscription: Subscription;
  readonly #monitor: NodeJS.Timeout;
  readonly #stopListening: () => void;
  readonly #onIdle = new Set<() => void>();
  #ackWaitMs = ACK_WAIT_MS;
  #nextSubject = '';
  #inFlight = 0;
  #requested = 0;
  #lastReceived = performance.now();
  #stopped = false;
  #preparing: Promise<void> | undefined;

  constructor(
    connection: Connection,
    store: StoreApi,
    options: PullConsumerOptions,
    logger: Logger | undefined,
  ) {
    this.#connection = connection;
    this.#store = store;
    this.#options = options;
    this.#logger = logger;
    this.#inbox = createInbox(options.inboxPrefix);
    this.#subscription = connection.nc.subscribe(this.#inbox, {
      callback: (error, msg) => {
        if (!error) this.#receive(msg);
      },
    });
    this.#stopListening = connection.onState((state) => {
      if (state === 'connected') this.#prepare();
    });
    this.#monitor = setInterval(() => this.#checkHeartbeat(), HEARTBEAT_MS).unref();
  }

  /**
   * Requests messages once the durable consumer exists. While it does not exist, retries in the background.
   */
  async start(): Promise<void> {
    if (!(await this.#tryPrepare())) this.#prepare(RETRY_MS);
  }

  inFlight(): number {
    return this.#inFlight;
  }

  /** Takes no new messages; resolves when those already taken are settled. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#monitor);
    this.#stopListening();
    await this.#subscription.drain().catch(() => undefined);
    if (this.#inFlight > 0) await new Promise<void>((resolve) => this.#onIdle.add(resolve));
  }

  /**
   * @param delayMs wait before repeating a request that the server has just refused: it would refuse the
   * request again
   */
  #prepare(delayMs = 0): void {
    this.#preparing ??= this.#untilPrepared(delayMs).finally(() => {
      this.#preparing = undefined;
    });
  }

  async #untilPrepared(delayMs: number): Promise<void> {
    await sleep(delayMs);
    // While disconnected nothing is done: the reconnect calls this method again.
    while (!this.#stopped && this.#connection.state() === 'connected') {
      if (await this.#tryPrepare()) return;
      await sleep(RETRY_MS);
    }
  }

  async #tryPrepare(): Promise<boolean> {
    try {
      this.#connection.assertConnected();
      const { name, stream } = this.#options;
      const { config } = await this.#store.consumerInfo(stream, name);
      this.#nextSubject = `${await this.#store.prefix()}.CONSUMER.MSG.NEXT.${stream}.${name}`;
      this.#ackWaitMs = config.ack_wait / nanos(1);
      this.#requested = 0;
      this.#lastReceived = performance.now();
      this.#pull();
      return true;
    } catch (error) {
      this.#logger?.log('consumer.start_failed', { error, consumer: this.#options.name });
      return false;
    }
  }

  #pull(): void {
    if (this.#stopped || this.#connection.state() !== 'connected') return;
    const free = this.#options.concurrency - this.#inFlight - this.#requested;
    // Not for every single free slot: a pull request costs as much as a message.
    if (free <= 0 || (free < this.#options.concurrency / 4 && this.#requested > 0)) return;
    this.#requested += free;
    const request = {
      batch: free,
      expires: nanos(PULL_EXPIRES_MS),
      idle_heartbeat: nanos(HEARTBEAT_MS),
    };
    this.#connection.nc.publish(this.#nextSubject, JSON.stringify(request), { reply: this.#inbox });
  }

  #receive(msg: Msg): void {
    this.#lastReceived = performance.now();
    const status = hasHeaders(msg) ? statusOf(msg) : 0;
    if (status === 0) {
      this.#requested = Math.max(0, this.#requested - 1);
      void this.#work(msg);
    } else if (status === 408 || status === 409) {
      // The pull request ended; the header says how many of its messages were not delivered.
      const unserved = Number(readHeader(msg, 'Nats-Pending-Messages') ?? Number.NaN);
      this.#requested = Number.isFinite(unserved) ? Math.max(0, this.#requested - unserved) : 0;
      if (status === 409) this.#prepare(RETRY_MS);
      else this.#pull();
    } else if (status === 503 || status === 404) {
      this.#prepare(RETRY_MS);
    }
  }

  async #work(msg: Msg): Promise<void> {
    const delivery = toDelivery(msg);
    if (this.#stopped) return delivery.again(0);
    this.#inFlight++;
    const working = setInterval(() => msg.respond('+WPI'), this.#ackWaitMs / 3);
    try {
      await this.#options.settle(delivery);
    } finally {
      clearInterval(working);
      this.#inFlight--;
      if (this.#inFlight === 0) {
        for (const resolve of this.#onIdle) resolve();
        this.#onIdle.clear();
      }
      this.#pull();
    }
  }

  /**
   * While a pull request is open, the server sends something every heartbeat. Silence means that the server
   * has lost the request.
   */
  #checkHeartbeat(): void {
    if (this.#connection.state() !== 'connected' || this.#requested === 0) return;
    if (performance.now() - this.#lastReceived > 2.5 * HEARTBEAT_MS) this.#prepare();
  }
}

function toDelivery(msg: Msg): Delivery {
  // $JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<time>.<pending>. Newer
  // servers put a domain and an account before the stream and a random token at the end.
  const words = (msg.reply ?? '').split('.');
  const at = words.length > 9 ? 6 : 4;
  return {
    message: msg,
    subject: msg.subject,
    body: msg.data,
    deliveries: Number(words[at]),
    sequence: Number(words[at + 1]),
    storedAt: Math.floor(Number(words[at + 3]) / nanos(1)),
    done: () => void msg.respond('+ACK'),
    again: (delayMs) => void msg.respond(`-NAK {"delay":${nanos(Math.round(delayMs))}}`),
    giveUp: () => void msg.respond('+TERM'),
  };
}
