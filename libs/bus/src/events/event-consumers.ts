import type { EventContract, ServiceName } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { Connection } from '../connection/connection.ts';
import type { DroppedMessages } from '../connection/dropped-messages.ts';
import type { ReportFault } from '../connection/fault-reports.ts';
import type { StoreApi } from '../connection/store-api.ts';
import { inboxPrefix } from '../permissions/nats-permissions.ts';
import { type ConsumeOptions, DeliveryPolicy, type EventHandler } from './delivery-policy.ts';
import type { EventPublisher } from './event-publisher.ts';
import { PullConsumer } from './pull-consumer.ts';

/** A running durable consumer. */
export interface Consumption {
  readonly name: string;
  inFlight(): number;
  /** Takes no new events; resolves when those already taken are settled. */
  stop(): Promise<void>;
}

const DEFAULT_CONCURRENCY = 64;

/** The durable consumers that run in this process. */
export class EventConsumers {
  readonly #service: ServiceName;
  readonly #connection: Connection;
  readonly #store: StoreApi;
  readonly #publisher: EventPublisher;
  readonly #reportFault: ReportFault;
  readonly #dropped: DroppedMessages;
  readonly #logger: Logger | undefined;
  readonly #running = new Set<PullConsumer>();

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
    const consumer = new PullConsumer(
      this.#connection,
      this.#store,
      {
        name,
        concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
        inboxPrefix: inboxPrefix(this.#service),
        settle: (delivery) => policy.settle(delivery),
      },
      this.#logger,
    );
    this.#running.add(consumer);
    await consumer.start();
    return { name, inFlight: () => consumer.inFlight(), stop: () => this.#stop(consumer) };
  }

  /** Events whose handlers are running. */
  inFlight(): number {
    let events = 0;
    for (const consumer of this.#running) events += consumer.inFlight();
    return events;
  }

  /** Takes no new events; resolves when those already taken are settled. */
  async drain(): Promise<void> {
    await Promise.all([...this.#running].map((consumer) => this.#stop(consumer)));
  }

  async #stop(consumer: PullConsumer): Promise<void> {
    await consumer.stop();
    this.#running.delete(consumer);
  }
}
