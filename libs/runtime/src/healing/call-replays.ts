import type { Bus, BusEvent, Consumption } from '@gridworks/bus';
import { AppError, callQueued, type ServiceName, UNAVAILABLE } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { classify, GuardError } from '@gridworks/resilience';
import { whileReplaying } from './call-queue.ts';

/** A call that was written down, while it is done. */
export interface ReplayedCall {
  /** The same however often it is delivered, and of no other call. */
  readonly id: string;
  readonly source: string;
  /** Kind of the error for which it had to wait. */
  readonly reason: string;
  readonly queuedAt: Date;
  readonly event: BusEvent;
}

/** Does the work, or throws. It may be called twice for one call: what must happen once is tied to `call.id`. */
export type Replay = (payload: unknown, call: ReplayedCall) => Promise<void>;

const CONCURRENCY = 8;

/**
 * Does what `CallQueue` has written down. Each call is delivered until its replay resolves: a replay that ends in a
 * fault that passes by itself waits for up to two hours; any other eight attempts; then it is kept under
 * `dead.event.<service>.call.queued`. A service with a database makes it exactly once with
 * `database.once({ id: call.id }, '<service>_replay-call', (tx) => ...)`.
 */
export class CallReplays {
  /** Calls that were done. */
  replayed = 0;
  readonly #bus: Pick<Bus, 'consume'>;
  readonly #service: ServiceName;
  readonly #logger: Logger;
  readonly #replays = new Map<string, Replay>();
  #started = false;
  #consumption: Promise<Consumption> | undefined;

  constructor(bus: Pick<Bus, 'consume'>, service: ServiceName, logger: Logger) {
    this.#bus = bus;
    this.#service = service;
    this.#logger = logger;
  }

  /** Says how the calls of a call site are done later. Throws when the source has a replay already. */
  register(source: string, replay: Replay): void {
    if (this.#replays.has(source)) throw new Error(`calls of ${source} are replayed already`);
    this.#replays.set(source, replay);
    if (this.#started)
      this.#consume().catch((error: unknown) => this.#logger.log('queued_call.consume_failed', { error }));
  }

  /** Begins, as soon as something is registered. Resolves when the consumer runs. */
  async start(): Promise<void> {
    this.#started = true;
    if (this.#replays.size > 0) await this.#consume();
  }

  /** Takes no more; resolves when those taken are done. */
  async stop(): Promise<void> {
    this.#started = false;
    await (await this.#consumption)?.stop();
  }

  async #consume(): Promise<void> {
    const contract = callQueued[this.#service];
    this.#consumption ??= this.#bus.consume(
      contract,
      `${this.#service}_replay-call`,
      (event) => this.#replay(event),
      { concurrency: CONCURRENCY },
    );
    await this.#consumption;
  }

  async #replay(event: BusEvent<QueuedPayload>): Promise<void> {
    const { id, source, reason, payload, queued_at } = event.payload;
    const replay = this.#replays.get(source);
    if (!replay) throw new Error(`nobody in ${this.#service} replays calls of ${source}`);
    const call: ReplayedCall = { id, source, reason, queuedAt: new Date(queued_at), event };
    try {
      await whileReplaying(id, () => replay(payload, call));
    } catch (error) {
      throw passing(error) ? new AppError(UNAVAILABLE, { detail: messageOf(error), cause: error }) : error;
    }
    this.replayed++;
    this.#logger.log('queued_call.done', { source, call_id: id, queued_at, deliveries: event.deliveries });
  }
}

interface QueuedPayload {
  readonly id: string;
  readonly source: string;
  readonly payload: unknown;
  readonly reason: string;
  readonly queued_at: string;
}

/** Waiting for it is no failed attempt. */
const passing = (error: unknown): boolean =>
  !(error instanceof AppError) && (error instanceof GuardError || classify(error).transient);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
