import { AppError, type EventContract, type PayloadOf, UNAVAILABLE } from '@gridworks/contracts';
import { type Logger, withSpan } from '@gridworks/observability';
import { redactText } from '@gridworks/redaction';
import { LRUCache } from 'lru-cache';
import type { DroppedMessages } from '../connection/dropped-messages.ts';
import type { ReportFault } from '../connection/fault-reports.ts';
import { type BusEvent, ForeignSourceError, readCloudEvent } from '../wire/cloud-event.ts';
import { readHeader } from '../wire/wire-headers.ts';
import type { EventPublisher } from './event-publisher.ts';
import type { Delivery } from './pull-consumer.ts';

export type EventHandler<C extends EventContract> = (event: BusEvent<PayloadOf<C>>) => Promise<void>;

export interface ConsumeOptions {
  /** Events that this instance handles at the same time. Default 64; 1: one after another. */
  readonly concurrency?: number;
  /** Failed attempts until the event is moved to the dead letters. Default 8. */
  readonly maxAttempts?: number;
}

/** Pauses between attempts, in milliseconds, each with a jitter of a fifth. The last one repeats. */
const PAUSES_MS = [100, 500, 2000, 10_000, 30_000, 60_000, 120_000] as const;
// A dependency that is away comes back within seconds, or after a long time. Waiting for it does not count as
// a failed attempt.
const SHORT_PAUSE_MS = 5000;
const SHORT_PAUSES = 20;
const LONG_PAUSE_MS = 60_000;
const DEFAULT_MAX_ATTEMPTS = 8;
// Limit for an event that crashes its process: attempts are counted in memory, deliveries by the server. Two
// hours of waiting for a dependency stay below the limit.
const MAX_DELIVERIES = 128;
const ATTEMPTS_REMEMBERED = 10_000;

interface Attempts {
  readonly count: number;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/**
 * Decides how each delivery of a consumer ends: acknowledged, delivered again later, or given up with a copy
 * under `dead.`.
 */
export class DeliveryPolicy<C extends EventContract> {
  readonly #contract: C;
  readonly #consumer: string;
  readonly #handler: EventHandler<C>;
  readonly #publisher: EventPublisher;
  readonly #reportFault: ReportFault;
  readonly #dropped: DroppedMessages;
  readonly #logger: Logger | undefined;
  readonly #maxAttempts: number;
  /**
   * Failed attempts by stream sequence, and when the first one failed. Counts only failures of the event
   * itself, not of a dependency that is away.
   */
  readonly #attempts = new LRUCache<number, Attempts>({ max: ATTEMPTS_REMEMBERED });

  constructor(
    contract: C,
    consumer: string,
    handler: EventHandler<C>,
    publisher: EventPublisher,
    reportFault: ReportFault,
    dropped: DroppedMessages,
    logger: Logger | undefined,
    options: ConsumeOptions,
  ) {
    this.#contract = contract;
    this.#consumer = consumer;
    this.#handler = handler;
    this.#publisher = publisher;
    this.#reportFault = reportFault;
    this.#dropped = dropped;
    this.#logger = logger;
    this.#maxAttempts = options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS;
  }

  /** Handles a delivery to its end. Never throws. */
  async settle(delivery: Delivery): Promise<void> {
    try {
      await this.#settle(delivery);
    } catch (error) {
      this.#logger?.log('event.settle_failed', { error, consumer: this.#consumer });
      delivery.again(pauseOf(delivery.deliveries));
    }
  }

  /**
   * Handles the event of a dead letter once more, outside of the stream: one attempt, no copy. Returns null
   * when the event was processed, now or before, else the redacted reason. Throws UNAVAILABLE while a dependency
   * is away.
   */
  async replay(subject: string, body: Uint8Array): Promise<string | null> {
    let event: BusEvent<PayloadOf<C>>;
    try {
      event = readCloudEvent(this.#contract, subject, body, 1);
    } catch (error) {
      return shown(`not a valid event: ${messageOf(error)}`);
    }
    try {
      await withSpan(this.#consumer, { 'event.id': event.id }, () => this.#handler(event), {
        kind: 'consumer',
        traceparent: event.traceparent,
      });
      return null;
    } catch (error) {
      this.#reportFault(this.#consumer.replace('_', '.'), error);
      if (error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'deadline_exceeded'))
        throw new AppError(UNAVAILABLE, { detail: error.message, cause: error });
      this.#logger?.log('event.handler_failed', { error, consumer: this.#consumer, event_id: event.id });
      return shown(error instanceof AppError ? `${error.code}: ${error.message}` : messageOf(error));
    }
  }

  async #settle(delivery: Delivery): Promise<void> {
    if (delivery.deliveries > MAX_DELIVERIES) {
      return this.#giveUp(delivery, `delivered ${delivery.deliveries} times and never finished`);
    }
    let event: BusEvent<PayloadOf<C>>;
    try {
      event = readCloudEvent(this.#contract, delivery.subject, delivery.body, delivery.deliveries);
    } catch (error) {
      // No dead letter: a forged event must never be replayed.
      if (error instanceof ForeignSourceError) {
        this.#dropped.drop(this.#contract.subject, 'foreign-source');
        return delivery.giveUp();
      }
      return this.#giveUp(delivery, `not a valid event: ${messageOf(error)}`);
    }
    try {
      await withSpan(this.#consumer, { 'event.id': event.id }, () => this.#handler(event), {
        kind: 'consumer',
        traceparent: event.traceparent,
      });
    } catch (error) {
      return this.#fail(delivery, event, error);
    }
    this.#attempts.delete(delivery.sequence);
    delivery.done();
  }

  #fail(delivery: Delivery, event: BusEvent, error: unknown): Promise<void> | void {
    const appError = error instanceof AppError ? error : undefined;
    // `billing_record-usage` -> `billing.record-usage`
    this.#reportFault(this.#consumer.replace('_', '.'), error);
    const context = { error, consumer: this.#consumer, event_id: event.id, deliveries: delivery.deliveries };
    if (appError?.kind === 'unavailable') {
      this.#logger?.log('event.dependency_away', context);
      const longest = delivery.deliveries <= SHORT_PAUSES ? SHORT_PAUSE_MS : LONG_PAUSE_MS;
      return delivery.again(
        Math.max(Math.min(pauseOf(delivery.deliveries), longest), appError.retryAfterMs ?? 0),
      );
    }
    if (appError && !appError.retryable)
      return this.#giveUp(delivery, `${appError.code}: ${appError.message}`);
    const attempts = this.#countAttempt(delivery.sequence);
    if (attempts >= this.#maxAttempts) {
      return this.#giveUp(delivery, `failed ${attempts} times, most recently with: ${messageOf(error)}`);
    }
    this.#logger?.log('event.handler_failed', context);
    delivery.again(Math.max(pauseOf(attempts), appError?.retryAfterMs ?? 0));
  }

  #countAttempt(sequence: number): number {
    const before = this.#attempts.get(sequence);
    const count = (before?.count ?? 0) + 1;
    this.#attempts.set(sequence, { count, since: before?.since ?? new Date().toISOString() });
    return count;
  }

  /**
   * Copies the message to the dead letters, then ends its delivery. Throws when the copy could not be stored.
   */
  async #giveUp(delivery: Delivery, reason: string): Promise<void> {
    const id = readHeader(delivery.message, 'Nats-Msg-Id') ?? String(delivery.sequence);
    await this.#publisher.publishRaw(`dead.${delivery.subject}`, delivery.body, {
      'Nats-Msg-Id': `${this.#consumer}:${id}`,
      'Dead-Reason': shown(reason),
      'Dead-Consumer': this.#consumer,
      'Dead-Deliveries': String(delivery.deliveries),
      'Dead-First-Failed-At': this.#attempts.get(delivery.sequence)?.since ?? new Date().toISOString(),
    });
    this.#attempts.delete(delivery.sequence);
    this.#logger?.log('event.given_up', { consumer: this.#consumer, event_id: id, reason });
    delivery.giveUp();
  }
}

function pauseOf(attempts: number): number {
  const pause = PAUSES_MS[Math.min(attempts, PAUSES_MS.length) - 1] ?? PAUSES_MS[0];
  return Math.round(pause * (0.8 + Math.random() * 0.4));
}

/** Redacted, and safe in a header: printable ASCII on one line, at most 500 characters. */
const shown = (reason: string): string =>
  redactText(reason)
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .slice(0, 500);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
