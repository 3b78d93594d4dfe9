import type {
  BucketName,
  EventContract,
  InputOf,
  OutputOf,
  Pulse,
  RequestContract,
  ServiceName,
} from '@gridworks/contracts';
import { consumerRequest, pulseSubject, replayRequest } from '@gridworks/contracts';
import type { DependencyProbe, Logger, RequestMeter } from '@gridworks/observability';
import { type HealingEnvironment, processEnvironment } from '@gridworks/resilience';
import type { z } from 'zod';
import { Bucket } from './buckets/bucket.ts';
import { type BusState, Connection } from './connection/connection.ts';
import { DroppedMessages } from './connection/dropped-messages.ts';
import { reportFaultsTo } from './connection/fault-reports.ts';
import { RequestMux } from './connection/request-mux.ts';
import { StoreApi } from './connection/store-api.ts';
import type { KeepDeadLetter } from './events/dead-letter-intake.ts';
import type { ConsumeOptions, EventHandler } from './events/delivery-policy.ts';
import { type Consumption, EventConsumers } from './events/event-consumers.ts';
import { EventPublisher, type PublishAck, type PublishOptions } from './events/event-publisher.ts';
import { type Backlog, EventStreams } from './events/event-streams.ts';
import { Listener, type Listening } from './events/listener.ts';
import { inboxPrefix } from './permissions/nats-permissions.ts';
import { publicKeyOf } from './principals/principal-keys.ts';
import { PrincipalSigner, PrincipalVerifier } from './principals/principal-token.ts';
import { Requester, type RequestOptions } from './requests/requester.ts';
import { type RequestHandler, Responder, type ServeOptions } from './requests/responder.ts';

export interface BusOptions {
  /** `nats://host:port`; several are separated by commas. */
  readonly servers: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly service: ServiceName;
  readonly instance: string;
  /** The secret text that signs principals; see `privateKeyOf`. Only the gateway has it. */
  readonly signingKey?: string | undefined;
  /** Verifies the signatures of the gateway; see `publicKeyOf`. Default: the public key of `signingKey`. */
  readonly signingPublicKey?: string | undefined;
  readonly logger?: Logger | undefined;
  /** Deadline of a request that sets none, in milliseconds. Default 2000. */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * The environment in which requests are healed: breakers, budget, reports. Default: the environment of the
   * process.
   */
  readonly environment?: HealingEnvironment | undefined;
}

const DEFAULT_DEADLINE_MS = 2000;

/** Connects services: requests, events, pulses and buckets over one NATS connection. */
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
  readonly #requester: Requester;
  readonly #listener: Listener;
  readonly #logger: Logger | undefined;
  readonly #store: StoreApi;
  readonly #consumers: EventConsumers;
  #servingReplays: Promise<void> | undefined;

  private constructor(options: BusOptions, connection: Connection) {
    this.service = options.service;
    this.instance = options.instance;
    this.#logger = options.logger;
    this.#connection = connection;
    this.#mux = new RequestMux(connection.nc, inboxPrefix(options.service));
    this.#store = new StoreApi(connection, this.#mux);
    this.#streams = new EventStreams(this.#store);
    const source = `/${options.service}/${options.instance}`;
    this.#publisher = new EventPublisher(connection, this.#mux, this.#streams, source);
    const environment = options.environment ?? processEnvironment;
    const reportFault = reportFaultsTo(environment);
    const dropped = new DroppedMessages(options.logger);
    this.#consumers = new EventConsumers(
      options.service,
      connection,
      this.#store,
      this.#publisher,
      reportFault,
      dropped,
      options.logger,
    );
    this.#listener = new Listener(connection.nc, dropped, options.logger);
    this.#requester = new Requester({
      service: options.service,
      connection,
      mux: this.#mux,
      signer: options.signingKey === undefined ? undefined : new PrincipalSigner(options.signingKey),
      defaultDeadlineMs: options.requestTimeoutMs ?? DEFAULT_DEADLINE_MS,
      environment,
    });
    this.#responder = new Responder(
      connection.nc,
      options.service,
      new PrincipalVerifier(publicKeyFor(options)),
      reportFault,
      dropped,
      this.#publisher,
      options.logger,
    );
    connection.onRefusedPublish((subject) => this.#mux.refuse(subject));
    connection.onState((state) => this.#follow(state));
  }

  /**
   * Resolves once connected, however long that takes. Rejects only when the server refuses the user. A
   * connection that is lost later is re-established automatically; see `state()`.
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
    return new Bus(options, connection);
  }

  /**
   * Sends a request and waits for its response. Rejects with the AppError of the response; with UNAVAILABLE
   * at once when no instance takes the request or the bus is away; with DEADLINE_EXCEEDED when no response
   * came in time, and then the work may have been done; with INTERNAL when the response does not fit the
   * contract.
   */
  request<C extends RequestContract>(
    contract: C,
    input: InputOf<C>,
    options: RequestOptions = {},
  ): Promise<OutputOf<C>> {
    return this.#requester.request(contract, input, options);
  }

  /**
   * As `request`, but returns the JSON of the response as received, neither parsed nor validated. For callers
   * that pass it on.
   */
  forward<C extends RequestContract>(
    contract: C,
    input: InputOf<C>,
    options: RequestOptions = {},
  ): Promise<Uint8Array> {
    return this.#requester.forward(contract, input, options);
  }

  /**
   * Serves a request. When several instances serve it, each request goes to one of them. For control requests
   * to this one instance: `{ shared: false }`. Resolves once the server sends requests to this instance.
   */
  serve<C extends RequestContract>(
    contract: C,
    handler: RequestHandler<C>,
    options?: ServeOptions,
  ): Promise<void> {
    return this.#responder.serve(contract, handler, options);
  }

  /**
   * Stores an event for its consumers, and resolves when it is stored. Throws UNAVAILABLE when the event was
   * not stored, or may not have been; publishing it again under the same id stores it once.
   */
  publish<C extends EventContract>(
    contract: C,
    payload: z.input<C['payload']>,
    options: PublishOptions = {},
  ): Promise<PublishAck> {
    return this.#publisher.publish(contract, payload, options);
  }

  /**
   * As `publish`, for a CloudEvent that was built and stored earlier. `headers` contain its `Nats-Msg-Id`.
   */
  publishRaw(
    subject: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>>,
  ): Promise<PublishAck> {
    return this.#publisher.publishRaw(subject, body, headers);
  }

  /**
   * Handles every event of the contract at least once, also events that were stored while no consumer ran.
   * When the handler throws, the event is delivered again after a pause. After 8 failed attempts, or at once
   * when the error is an AppError that is not retryable or the event does not fit the contract, the event is
   * moved to `dead.<subject>`. UNAVAILABLE does not count as a failed attempt. Resolves once the consumer
   * runs, or once it is known that the consumer does not exist; then it starts as soon as the provisioner has
   * created it.
   */
  async consume<C extends EventContract>(
    contract: C,
    consumer: string,
    handler: EventHandler<C>,
    options: ConsumeOptions = {},
  ): Promise<Consumption> {
    const consumption = await this.#consumers.start(contract, consumer, handler, options);
    this.#servingReplays ??= this.#serveReplays();
    await this.#servingReplays;
    return consumption;
  }

  /**
   * Gives every event that any consumer gave up to `keep`, at least once, until it resolves. Only the healer's
   * user has the permission.
   */
  consumeDeadLetters(consumer: string, keep: KeepDeadLetter): Promise<Consumption> {
    return this.#consumers.startDeadLetters(consumer, keep);
  }

  /**
   * Receives events directly, without a durable consumer: only events that are published while connected,
   * every instance receives each of them, and none is guaranteed.
   */
  listen<C extends EventContract>(contract: C, handler: EventHandler<C>): Listening {
    return this.#listener.events(contract, handler);
  }

  /** Sends this instance's pulse. The pulse is lost when the bus is away. */
  sendPulse(pulse: Pulse): void {
    if (this.#connection.state() !== 'connected') return;
    this.#connection.nc.publish(pulseSubject(this.service, this.instance), JSON.stringify(pulse));
  }

  /** Receives the pulses of all instances. An invalid message is skipped. */
  listenPulse(handler: (pulse: Pulse) => void): Listening {
    return this.#listener.pulses(handler);
  }

  /** Opens a key-value bucket, which the provisioner creates. */
  async bucket<T>(name: BucketName, schema: z.ZodType<T>): Promise<Bucket<T>> {
    return new Bucket(name, schema, this.#connection, this.#mux, this.#store, this.#logger);
  }

  /**
   * How many events the durable consumers have not handled yet, and how many events were given up. Only
   * monitor's user has the permission.
   */
  async backlog(): Promise<Backlog> {
    this.#connection.assertConnected();
    return this.#connection.whileConnected(this.#streams.backlog());
  }

  state(): BusState {
    return this.#connection.state();
  }

  /** Calls the handler on each change of state until the returned function is called. */
  onState(handler: (state: BusState) => void): () => void {
    return this.#connection.onState(handler);
  }

  /**
   * Round trip to the server in milliseconds; afterwards the server has processed everything that was sent before. Throws
   * UNAVAILABLE at once when disconnected, else after a second.
   */
  rtt(): Promise<number> {
    return this.#connection.rtt();
  }

  /** For checks: like `rtt`, but one of the last moment counts, too, so that checks that are due together share it. */
  recentRtt(): Promise<number> {
    return this.#connection.recentRtt();
  }

  /** Identity of the server's boot. */
  serverId(): string | null {
    return this.#connection.serverId();
  }

  async check(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.recentRtt();
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

  /** Requests and events whose handlers are running. */
  inFlight(): number {
    return this.#responder.inFlight() + this.#consumers.inFlight();
  }

  /** Requests with a response since the start; see `Responder.counts`. */
  counts(): { ok: number; failed: number } {
    return this.#responder.counts();
  }

  /** Lets identical reads of one caller that are under way share a response while the condition holds. */
  shareReads(isShort: () => boolean): void {
    this.#responder.shareReads(isShort);
  }

  /** Requests and durations of each contract that this connection serves, in `/metrics` too. */
  meters(): readonly RequestMeter[] {
    return this.#responder.meters();
  }

  /**
   * Takes no new requests and events, and resolves when those already taken are done and their responses are
   * sent. Sending requests, publishing, and control requests work until `close`.
   */
  async drain(): Promise<void> {
    await Promise.all([this.#responder.drain(), this.#consumers.drain()]);
  }

  /** Closes the connection. Pending requests are rejected. */
  async close(): Promise<void> {
    this.#mux.failAll();
    await this.#connection.close();
  }

  /** The healer has dead letters replayed by these requests, once a consumer runs here. */
  async #serveReplays(): Promise<void> {
    await Promise.all([
      this.serve(consumerRequest(this.service), ({ consumer }) => ({
        running: this.#consumers.runs(consumer),
      })),
      this.serve(replayRequest(this.service), async ({ consumer, subject, event }) => ({
        reason: await this.#consumers.replay(consumer, subject, Buffer.from(JSON.stringify(event ?? null))),
      })),
    ]);
  }

  #follow(state: BusState): void {
    if (state !== 'connected') this.#mux.failAll();
  }
}

function publicKeyFor({ signingPublicKey, signingKey }: BusOptions): string {
  const own = signingKey === undefined ? undefined : publicKeyOf(signingKey);
  const key = signingPublicKey ?? own;
  if (key === undefined) throw new TypeError('the bus needs signingPublicKey, or signingKey');
  if (own !== undefined && own !== key)
    throw new TypeError('the public key does not belong to the signing key');
  return key;
}
