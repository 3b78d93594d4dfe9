import type {
  BucketName,
  EventContract,
  InputOf,
  OutputOf,
  Pulse,
  RequestContract,
  ServiceName,
} from '@gridworks/contracts';
import { pulseSubject } from '@gridworks/contracts';
import type { DependencyProbe, Logger } from '@gridworks/observability';
import { type HealingEnvironment, processEnvironment } from '@gridworks/resilience';
import type { z } from 'zod';
import { Bucket } from './buckets/bucket.ts';
import { type BusState, Connection } from './connection/connection.ts';
import { DroppedMessages } from './connection/dropped-messages.ts';
import { reportFaultsTo } from './connection/fault-reports.ts';
import { RequestMux } from './connection/request-mux.ts';
import { StoreApi } from './connection/store-api.ts';
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
  /** `nats://host:port`, several divided by commas. */
  readonly servers: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly service: ServiceName;
  readonly instance: string;
  /** Secret text that signs principals; see `privateKeyOf`. The gateway's alone. */
  readonly signingKey?: string | undefined;
  /** Verifies what the gateway signed; see `publicKeyOf`. Default: that of `signingKey`. */
  readonly signingPublicKey?: string | undefined;
  readonly logger?: Logger | undefined;
  /** Deadline of a request that names none, in milliseconds. 2000. */
  readonly requestTimeoutMs?: number | undefined;
  /** Where requests are healed: breakers, budget, reports. Default: the process's. */
  readonly environment?: HealingEnvironment | undefined;
}

const DEFAULT_DEADLINE_MS = 2000;

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
  readonly #requester: Requester;
  readonly #listener: Listener;
  readonly #logger: Logger | undefined;
  readonly #store: StoreApi;
  readonly #consumers: EventConsumers;

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
    return new Bus(options, connection);
  }

  /**
   * Asks and waits for the answer. Rejects with the AppError of the answer; with UNAVAILABLE at once when nobody
   * takes it or the bus is away; with DEADLINE_EXCEEDED when no answer came in time, and then the work may have
   * been done; with INTERNAL when the answer is not of the contract.
   */
  request<C extends RequestContract>(
    contract: C,
    input: InputOf<C>,
    options: RequestOptions = {},
  ): Promise<OutputOf<C>> {
    return this.#requester.request(contract, input, options);
  }

  /** As `request`, but answers the JSON as it came, neither parsed nor validated: to be passed on. */
  forward<C extends RequestContract>(
    contract: C,
    input: InputOf<C>,
    options: RequestOptions = {},
  ): Promise<Uint8Array> {
    return this.#requester.forward(contract, input, options);
  }

  /**
   * Answers a request; of several instances one gets each. For control requests to this one instance:
   * `{ shared: false }`. Resolves once the server sends requests here.
   */
  serve<C extends RequestContract>(
    contract: C,
    handler: RequestHandler<C>,
    options?: ServeOptions,
  ): Promise<void> {
    return this.#responder.serve(contract, handler, options);
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
   * UNAVAILABLE is no failed attempt. Resolves once the consumer runs, or it was not there; then it runs as soon as the
   * provisioner has made it.
   */
  consume<C extends EventContract>(
    contract: C,
    consumer: string,
    handler: EventHandler<C>,
    options: ConsumeOptions = {},
  ): Promise<Consumption> {
    return this.#consumers.start(contract, consumer, handler, options);
  }

  /** Hears events in passing: only those published while connected, each instance every one, without a promise. */
  listen<C extends EventContract>(contract: C, handler: EventHandler<C>): Listening {
    return this.#listener.events(contract, handler);
  }

  /** Sends this instance's sign of life. Lost when the bus is away. */
  sendPulse(pulse: Pulse): void {
    if (this.#connection.state() !== 'connected') return;
    this.#connection.nc.publish(pulseSubject(this.service, this.instance), JSON.stringify(pulse));
  }

  /** Hears the pulses of all instances. What is not a pulse is left out. */
  listenPulse(handler: (pulse: Pulse) => void): Listening {
    return this.#listener.pulses(handler);
  }

  /** Opens a key-value bucket, which the provisioner makes. */
  async bucket<T>(name: BucketName, schema: z.ZodType<T>): Promise<Bucket<T>> {
    return new Bucket(name, schema, this.#connection, this.#mux, this.#store, this.#logger);
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
    return this.#responder.inFlight() + this.#consumers.inFlight();
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
    await Promise.all([this.#responder.drain(), this.#consumers.drain()]);
  }

  /** Ends the connection. What waits for an answer is rejected. */
  async close(): Promise<void> {
    this.#mux.failAll();
    await this.#connection.close();
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
