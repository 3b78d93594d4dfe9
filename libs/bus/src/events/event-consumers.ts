import {
  AppError,
  DEAD_LETTER_STREAM,
  EVENT_STREAM,
  type EventContract,
  type ServiceName,
  UNAVAILABLE,
} from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { Connection } from '../connection/connection.ts';
import type { DroppedMessages } from '../connection/dropped-messages.ts';
import type { ReportFault } from '../connection/fault-reports.ts';
import type { StoreApi } from '../connection/store-api.ts';
import { inboxPrefix } from '../permissions/nats-permissions.ts';
import { DeadLetterIntake, type KeepDeadLetter } from './dead-letter-intake.ts';
import { type ConsumeOptions, DeliveryPolicy, type EventHandler } from './delivery-policy.ts';
import type { EventPublisher } from './event-publisher.ts';
import { type Delivery, PullConsumer } from './pull-consumer.ts';

/** A running durable consumer. */
export interface Consumption {
  readonly name: string;
  inFlight(): number;
  /** Takes no new events; resolves when those already taken are settled. */
  stop(): Promise<void>;
}

const DEFAULT_CONCURRENCY = 64;
const DEAD_LETTERS_AT_ONCE = 4;

/** The durable consumers that run in this process. */
export class EventConsumers {
  readonly #service: ServiceName;
  readonly #connection: Connection;
  readonly #store: StoreApi;
  readonly #publisher: EventPublisher;
  readonly #reportFault: ReportFault;
  readonly #dropped: DroppedMessages;
  readonly #logger: Logger | undefined;
  /** What is done when each of them has stopped. */
  readonly #running = new Map<PullConsumer, () => void>();
  readonly #policies = new Map<string, Pick<DeliveryPolicy<EventContract>, 'replay'>>();

  /** @param publisher publishes the copies of events that are given up */
  constructor(
    service: ServiceName,
    connection: Connection,
    store: StoreApi,
    publisher: EventPublisher,
    reportFault: ReportFault,
    dropped: DroppedMessages,
    logger: Logger | undefined,
  ) {
    this.#service = service;
    this.#connection = connection;
    this.#store = store;
    this.#publisher = publisher;
    this.#reportFault = reportFault;
    this.#dropped = dropped;
    this.#logger = logger;
  }

  async start<C extends EventContract>(
    contract: C,
    name: string,
    handler: EventHandler<C>,
    options: ConsumeOptions,
  ): Promise<Consumption> {
    if (!contract.consumers.includes(name)) {
      throw new Error(`the contract of ${contract.subject} names no consumer ${name}`);
    }
    const policy = new DeliveryPolicy(
      contract,
      name,
      handler,
      this.#publisher,
      this.#reportFault,
      this.#dropped,
      this.#logger,
      options,
    );
    this.#policies.set(name, policy);
    return this.#run(
      EVENT_STREAM.name,
      name,
      options.concurrency ?? DEFAULT_CONCURRENCY,
      (delivery) => policy.settle(delivery),
      () => this.#policies.delete(name),
    );
  }

  /** Gives every dead letter to `keep`, until it resolves; see `DeadLetterIntake`. */
  startDeadLetters(name: string, keep: KeepDeadLetter): Promise<Consumption> {
    const intake = new DeadLetterIntake(keep, this.#logger);
    return this.#run(DEAD_LETTER_STREAM.name, name, DEAD_LETTERS_AT_ONCE, (delivery) =>
      intake.settle(delivery),
    );
  }

  /** Whether this process runs the consumer. */
  runs(consumer: string): boolean {
    return this.#policies.has(consumer);
  }

  /**
   * Handles an event once more in this consumer only; see `DeliveryPolicy.replay`. Throws UNAVAILABLE when this
   * process does not run the consumer.
   */
  replay(consumer: string, subject: string, body: Uint8Array): Promise<string | null> {
    const policy = this.#policies.get(consumer);
    if (!policy)
      throw new AppError(UNAVAILABLE, { detail: `${this.#service} does not run the consumer ${consumer}` });
    return policy.replay(subject, body);
  }

  async #run(
    stream: string,
    name: string,
    concurrency: number,
    settle: (delivery: Delivery) => Promise<void>,
    stopped: () => void = () => undefined,
  ): Promise<Consumption> {
    const consumer = new PullConsumer(
      this.#connection,
      this.#store,
      { stream, name, concurrency, inboxPrefix: inboxPrefix(this.#service), settle },
      this.#logger,
    );
    this.#running.set(consumer, stopped);
    await consumer.start();
    return { name, inFlight: () => consumer.inFlight(), stop: () => this.#stop(consumer) };
  }

  /** Events whose handlers are running. */
  inFlight(): number {
    let events = 0;
    for (const consumer of this.#running.keys()) events += consumer.inFlight();
    return events;
  }

  /** Takes no new events; resolves when those already taken are settled. */
  async drain(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((consumer) => this.#stop(consumer)));
  }

  async #stop(consumer: PullConsumer): Promise<void> {
    await consumer.stop();
    this.#running.get(consumer)?.();
    this.#running.delete(consumer);
  }
}
