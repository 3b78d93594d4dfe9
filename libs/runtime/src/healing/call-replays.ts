import type { Bus, BusEvent, Consumption } from '@gridworks/bus';
import { AppError, callQueued, type ServiceName, UNAVAILABLE } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { classify, GuardError } from '@gridworks/resilience';
import { whileReplaying } from './call-queue.ts';

/** A queued call while it is replayed. */
export interface ReplayedCall {
  /** The same for every delivery of this call, and different from all other calls. */
  readonly id: string;
  readonly source: string;
  /** The kind of the error because of which the call had to wait. */
  readonly reason: string;
  readonly queuedAt: Date;
  readonly event: BusEvent;
}

/**
 * Does the work, or throws. The function may be called twice for one call: work that must happen once needs
 * `call.id`.
 */
export type Replay = (payload: unknown, call: ReplayedCall) => Promise<void>;

const CONCURRENCY = 8;

/**
 * Replays the calls that `CallQueue` has stored. Each call is delivered until its replay resolves. A replay
 * that ends in a temporary fault waits for up to two hours, any other has eight attempts; then the call is
 * kept under `dead.event.<service>.call.queued`. A service with a database makes the effect happen exactly
 * once with `database.once({ id: call.id }, '<service>_replay-call', (tx) => ...)`.
 */
export class CallReplays {
  /** Calls that were replayed. */
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

  /** Registers the replay for the calls of a call site. Throws when the source has a replay already. */
  register(source: string, replay: Replay): void {
    if (this.#replays.has(source)) throw new Error(`calls of ${source} are replayed already`);
    this.#replays.set(source, replay);
    if (this.#started)
      this.#consume().catch((error: unknown) => this.#logger.log('queued_call.consume_failed', { error }));
  }

  /** Starts, as soon as a replay is registered. Resolves when the consumer runs. */
  async start(): Promise<void> {
    this.#started = true;
    if (this.#replays.size > 0) await this.#consume();
  }

  /** Takes no new calls; resolves when those already taken are done. */
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
    if (!replay) throw new Error(`${this.#service} has no replay for calls of ${source}`);
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

/** Waiting for a temporary fault is no failed attempt. */
const passing = (error: unknown): boolean =>
  !(error instanceof AppError) && (error instanceof GuardError || classify(error).transient);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
