import {
  AppError,
  type BucketName,
  type EventContract,
  INTERNAL,
  type InputOf,
  newId,
  type OutputOf,
  type Principal,
  type Pulse,
  pulseSchema,
  pulseSubject,
  type RequestContract,
  type ServiceName,
} from '@gridworks/contracts';
import { currentContext, type DependencyProbe, type Logger } from '@gridworks/observability';
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { Msg, Subscription } from '@nats-io/transport-node';
import type { z } from 'zod';
import { Bucket } from './bucket.ts';
import { readCloudEvent } from './cloud-event.ts';
import { type BusState, Connection } from './connection.ts';
import { type ConsumeOptions, DeliveryPolicy, type EventHandler } from './delivery-policy.ts';
import { deadlineExceeded, decodeError } from './error-envelope.ts';
import { EventPublisher, type PublishAck, type PublishOptions } from './event-publisher.ts';
import { type Backlog, EventStreams, type StreamLimits } from './event-streams.ts';
import { inboxPrefix } from './nats-permissions.ts';
import { PrincipalSigner, PrincipalVerifier } from './principal-token.ts';
import { PullConsumer } from './pull-consumer.ts';
import { RequestMux } from './request-mux.ts';
import { type AnswerOptions, type RequestHandler, Responder } from './responder.ts';
import { parseJson } from './safe-json.ts';
import { callHeaders, hasHeaders } from './wire-headers.ts';

export interface BusOptions {
  /** `nats://host:port`, several divided by commas. */
  readonly servers: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly service: ServiceName;
  readonly instance: string;
  /** Key of the principals' signatures, the same in all services. */
  readonly signingKey: string;
  readonly logger?: Logger | undefined;
  /** Deadline of a request that names none, in milliseconds. 2000. */
  readonly requestTimeoutMs?: number | undefined;
  readonly streams?: StreamLimits | undefined;
}

export interface RequestOptions {
  /** Milliseconds to wait for the answer; never longer than the call this one is part of. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** On whose behalf. Default: the principal of the call this one is part of. */
  readonly principal?: Principal | undefined;
  readonly requestId?: string | undefined;
}

/** A running durable consumer. */
export interface Consumption {
  readonly name: string;
  inFlight(): number;
  /** Takes no more events; resolves when those taken are settled. */
  stop(): Promise<void>;
}

const jetstreamTimeoutMs = 1000;

/** The way from service to service: requests, events, pulses and buckets over one NATS connection. */
export class Bus implements DependencyProbe {
  readonly name = 'nats';
  readonly critical = true;
  readonly service: ServiceName;
  readonly instance: string;
  readonly #connection: Connection;
  readonly #mux: RequestMux;
  readonly #responder: Responder;
  readonly #publisher: EventPublisher;
  readonly #streams: EventStreams;
  readonly #signer: PrincipalSigner;
  readonly #requestTimeoutMs: number;
  readonly #logger: Logger | undefined;
  readonly #jsm: JetStreamManager;
  readonly #js: JetStreamClient;
  readonly #consumers = new Set<PullConsumer>();

  private constructor(options: BusOptions, connection: Connection, jsm: JetStreamManager) {
    this.service = options.service;
    this.instance = options.instance;
    this.#logger = options.logger;
    this.#requestTimeoutMs = options.requestTimeoutMs ?? 2000;
    this.#connection = connection;
    this.#jsm = jsm;
    this.#js = jetstream(connection.nc, { timeout: jetstreamTimeoutMs, checkAPI: false } as {
      timeout: number;
    });
    this.#mux = new RequestMux(connection.nc, inboxPrefix(options.service));
    this.#streams = new EventStreams(jsm, options.streams);
    const source = `/${options.service}/${options.instance}`;
    this.#publisher = new EventPublisher(connection, this.#mux, this.#streams, source);
    this.#signer = new PrincipalSigner(options.signingKey);
    this.#responder = new Responder(
      connection.nc,
      options.service,
      new PrincipalVerifier(options.signingKey),
      options.logger,
    );
    connection.onRefusedPublish((subject) => this.#mux.refuse(subject));
    connection.onState((state) => this.#follow(state));
  }

  /**
   * Resolves once connected, however long that takes. Rejects only when the server refuses the user. A server
   * that is lost later comes back by itself; see `state()`.
   */
  static async connect(options: BusOptions): Promise<Bus> {
    const connection = await Connection.open({
      servers: options.servers,
      user: options.user,
      password: options.password,
      name: options.instance,
      inboxPrefix: inboxPrefix(options.service),
      logger: options.logger,
    });
    const jsm = await jetstreamManager(connection.nc, { checkAPI: false, timeout: jetstreamTimeoutMs });
    const bus = new Bus(options, connection, jsm);
    await bus.#ensureStreams();
    return bus;
  }

  /**
   * Asks and waits for the answer. Rejects with the AppError of the answer; with UNAVAILABLE at once when nobody
   * takes it or the bus is away; with DEADLINE_EXCEEDED when no answer came in time, and then the work may have
   * been done; with INTERNAL when the answer is not of the contract.
   */
  async request<C extends RequestContract>(
    contract: C,
    input: InputOf<C>,
    options: RequestOptions = {},
  ): Promise<OutputOf<C>> {
    const reply = await this.#ask(contract, input, options);
    let failure: unknown;
    try {
      const output = contract.output.safeParse(parseJson(reply.data));
      if (output.success) return output.data as OutputOf<C>;
      failure = output.error;
    } catch (error) {
      failure = error;
    }
    throw new AppError(INTERNAL, {
      detail: `The answer to ${contract.subject} makes no sense`,
      cause: failure,
    });
  }

  /** As `request`, but answers the JSON as it came, neither parsed nor validated: to be passed on. */
  async forward<C extends RequestContract>(
    contract: C,
    input: InputOf<C>,
    options: RequestOptions = {},
  ): Promise<Uint8Array> {
    const { data } = await this.#ask(contract, input, options);
    const first = data[0];
    if (first === 0x7b || first === 0x5b) return data;
    throw new AppError(INTERNAL, { detail: `The answer to ${contract.subject} makes no sense` });
  }

  async #ask(contract: RequestContract, input: unknown, options: RequestOptions): Promise<Msg> {
    this.#connection.assertConnected();
    const context = currentContext();
    let deadlineMs = options.deadlineMs ?? this.#requestTimeoutMs;
    if (context?.deadlineAt !== undefined) deadlineMs = Math.min(deadlineMs, context.deadlineAt - Date.now());
    if (deadlineMs <= 0) throw deadlineExceeded(`No time was left to ask ${contract.subject}`);
    const reply = await this.#mux.ask(contract.subject, JSON.stringify(input), {
      deadlineMs,
      repeatable: contract.repeatable,
      signal: options.signal,
      headers: callHeaders({
        requestId: options.requestId ?? context?.requestId ?? newId('request'),
        traceparent: context?.traceparent,
        deadlineMs,
        principalToken: options.principal ? this.#signer.sign(options.principal) : context?.principalToken,
      }),
    });
    // Only error replies have headers.
    if (hasHeaders(reply)) throw decodeError(reply.data);
    return reply;
  }

  /**
   * Answers a request; of several instances one gets each. For control requests to this one instance:
   * `{ shared: false }`. Resolves once the server sends requests here.
   */
  answer<C extends RequestContract>(
    contract: C,
    handler: RequestHandler<C>,
    options?: AnswerOptions,
  ): Promise<void> {
    return this.#responder.answer(contract, handler, options);
  }

  /**
   * Stores an event for its consumers, and resolves when it is stored. Throws UNAVAILABLE when it was not, or
   * not for sure; publishing it again under the same id stores it once.
   */
  publish<C extends EventContract>(
    contract: C,
    payload: z.input<C['payload']>,
    options: PublishOptions = {},
  ): Promise<PublishAck> {
    return this.#publisher.publish(contract, payload, options);
  }

  /** As `publish`, for a CloudEvent that was built and kept before. `headers` carry its `Nats-Msg-Id`. */
  publishRaw(
    subject: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>>,
  ): Promise<PublishAck> {
    return this.#publisher.publishRaw(subject, body, headers);
  }

  /**
   * Handles every event of the contract at least once, also those that were stored while nobody consumed.
   * A handler that throws gets the event again after a pause; after 8 failed attempts, or at once when the error
   * is an AppError that is not retryable or the event is not of the contract, it goes to `dead.<subject>`.
   * UNAVAILABLE is no failed attempt. Resolves once the consumer exists, or JetStream did not answer; then it is
   * made later.
   */
  async consume<C extends EventContract>(
    contract: C,
    consumer: string,
    handler: EventHandler<C>,
    options: ConsumeOptions = {},
  ): Promise<Consumption> {
    if (!contract.consumers.includes(consumer)) {
      throw new Error(`the contract of ${contract.subject} names no consumer ${consumer}`);
    }
    const policy = new DeliveryPolicy(contract, consumer, handler, this.#publisher, this.#logger, options);
    const pull = new PullConsumer(
      this.#connection,
      this.#jsm,
      this.#streams,
      {
        name: consumer,
        filterSubject: contract.subject,
        concurrency: options.concurrency ?? 64,
        ackWaitMs: options.ackWaitMs ?? 30_000,
        inboxPrefix: inboxPrefix(this.service),
        settle: (delivery) => policy.settle(delivery),
      },
      this.#logger,
    );
    this.#consumers.add(pull);
    await pull.start();
    return {
      name: consumer,
      inFlight: () => pull.inFlight(),
      stop: () => this.#stopConsumer(pull),
    };
  }

  async #stopConsumer(consumer: PullConsumer): Promise<void> {
    await consumer.stop();
    this.#consumers.delete(consumer);
  }

  /** Hears events in passing: only those published while connected, each instance every one, without a promise. */
  listen<C extends EventContract>(contract: C, handler: EventHandler<C>): { stop(): void } {
    return this.#hear(contract.subject, (msg) => handler(readCloudEvent(contract, msg.subject, msg.data, 0)));
  }

  /** Sends this instance's sign of life. Lost when the bus is away. */
  sendPulse(pulse: Pulse): void {
    if (this.#connection.state() !== 'connected') return;
    this.#connection.nc.publish(pulseSubject(this.service, this.instance), JSON.stringify(pulse));
  }

  /** Hears the pulses of all instances. What is not a pulse is left out. */
  listenPulse(handler: (pulse: Pulse) => void): { stop(): void } {
    return this.#hear('pulse.*.*', (msg) => {
      const pulse = pulseSchema.parse(parseJson(msg.data));
      // The subject is what the allow-list lets a service claim to be.
      if (pulseSubject(pulse.service, pulse.instance) === msg.subject) handler(pulse);
    });
  }

  #hear(subject: string, handle: (msg: Msg) => unknown): { stop(): void } {
    const subscription: Subscription = this.#connection.nc.subscribe(subject, {
      callback: (error, msg) => {
        if (error) this.#logger?.error({ error, subject }, 'cannot listen');
        else void this.#try(subject, () => handle(msg));
      },
    });
    return { stop: () => subscription.unsubscribe() };
  }

  async #try(subject: string, work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger?.warn({ error, subject }, 'a listener failed, or what it heard is not of the contract');
    }
  }

  /** Opens a key-value bucket; it is made at its first use. */
  async bucket<T>(name: BucketName, schema: z.ZodType<T>): Promise<Bucket<T>> {
    return new Bucket(name, schema, this.#connection, this.#js, this.#logger);
  }

  /** How far the durable consumers are behind, and how many events were given up. Only monitor's user may ask. */
  async backlog(): Promise<Backlog> {
    this.#connection.assertConnected();
    return this.#connection.whileConnected(this.#streams.backlog());
  }

  state(): BusState {
    return this.#connection.state();
  }

  /** Hears each change of state until the returned function is called. */
  onState(handler: (state: BusState) => void): () => void {
    return this.#connection.onState(handler);
  }

  /** Milliseconds to the server and back. Throws UNAVAILABLE at once when disconnected, else after a second. */
  rtt(): Promise<number> {
    return this.#connection.rtt();
  }

  /** Identity of the server's boot. */
  serverId(): string | null {
    return this.#connection.serverId();
  }

  async check(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.rtt();
  }

  connectionsLost(): number {
    return this.#connection.lost();
  }

  boot(): string | null {
    return this.serverId();
  }

  reset(): Promise<void> {
    return this.#connection.reconnect();
  }

  degraded(): string | null {
    return this.state() === 'connected' ? null : 'Services cannot be reached: the message bus is away';
  }

  /** Requests that are being answered and events that are being handled. */
  inFlight(): number {
    let events = 0;
    for (const consumer of this.#consumers) events += consumer.inFlight();
    return this.#responder.inFlight() + events;
  }

  /** Requests answered since the start; see `Responder.counts`. */
  counts(): { ok: number; failed: number } {
    return this.#responder.counts();
  }

  /**
   * Takes no more requests and events, and resolves when those taken are done and their answers are sent. Asking,
   * publishing and control requests go on working until `close`.
   */
  async drain(): Promise<void> {
    await Promise.all([
      this.#responder.drain(),
      ...[...this.#consumers].map((consumer) => this.#stopConsumer(consumer)),
    ]);
  }

  /** Ends the connection. What waits for an answer is rejected. */
  async close(): Promise<void> {
    this.#mux.failAll();
    await this.#connection.close();
  }

  #follow(state: BusState): void {
    if (state === 'connected') void this.#ensureStreams();
    else this.#mux.failAll();
  }

  async #ensureStreams(): Promise<void> {
    try {
      await this.#streams.ensure();
    } catch (error) {
      this.#logger?.warn({ error }, 'JetStream does not answer; publishing will try again');
    }
  }
}
