import { Bus } from '@gridworks/bus';
import { AppError, inboxDiscardRequest, inboxRequest, replayRequest } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { WakeableLoop } from '@gridworks/persistence';
import { redactText } from '@gridworks/redaction';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { hasInbox, serviceOf } from './consumer-service.ts';
import { type DueLetter, DueLettersRepository } from './due-letters.repository.ts';

const POLL_MS = 1000;
const AWAY_MS = 2000;
const BATCH = 20;
/** A handler of an event may take longer than one of a request. */
const REPLAY_DEADLINE_MS = 20_000;
const MAX_WAIT_MS = 60_000;
const CONFIRM_EVERY_MS = 10_000;
const DELETE_EVERY_MS = 3_600_000;

/**
 * Does what was decided about dead letters: replays them, one after another, and tells the consumers' inboxes
 * what was discarded. What is unfinished when the process ends is continued by the next one.
 */
@Injectable()
export class DeadLetterWorker implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #loop = new WakeableLoop(() => this.#turn());
  #confirmedAt = 0;
  #deletedAt = 0;

  constructor(
    private readonly bus: Bus,
    private readonly due: DueLettersRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.#loop.stop();
  }

  /** Called when there is something to do. */
  nudge(): void {
    this.#loop.wake();
  }

  async #turn(): Promise<number> {
    if (this.bus.state() !== 'connected') return POLL_MS;
    try {
      const letters = await this.due.claim(BATCH);
      await this.#tell(letters.filter(({ state }) => state === 'discarded'));
      await this.#replay(letters.filter(({ state }) => state === 'replaying'));
      await this.#upkeep();
      return letters.length === BATCH ? 0 : POLL_MS;
    } catch (error) {
      this.logger.log('dead_letter.round_failed', { error });
      return AWAY_MS;
    }
  }

  async #replay(letters: readonly DueLetter[]): Promise<void> {
    const away = new Set<string>();
    for (const letter of letters) {
      if (away.has(letter.consumer)) await this.due.postpone([letter.id], AWAY_MS);
      else if (!(await this.#replayOne(letter))) away.add(letter.consumer);
    }
  }

  /** Returns false when the consumer is away. */
  async #replayOne({ attempts, consumer, event, event_id, id, subject }: DueLetter): Promise<boolean> {
    const content = parse(event);
    if (content === undefined) {
      await this.due.failed(id, 'not a valid event: not JSON');
      return true;
    }
    let reason: string | null;
    try {
      const contract = replayRequest(serviceOf(consumer));
      const options = { deadlineMs: REPLAY_DEADLINE_MS };
      ({ reason } = await this.bus.request(contract, { consumer, subject, event: content }, options));
    } catch (error) {
      if (isAway(error)) {
        this.logger.log('dead_letter.round_failed', { error, consumer, event_id });
        await this.due.postpone([id], waitAfter(attempts));
        return false;
      }
      reason = redactText(error instanceof Error ? error.message : String(error)).slice(0, 500);
    }
    if (reason === null) await this.due.processed(id);
    else {
      this.logger.log('dead_letter.not_processed', { consumer, event_id, reason });
      await this.due.failed(id, reason);
    }
    return true;
  }

  async #tell(letters: readonly DueLetter[]): Promise<void> {
    for (const [consumer, ofConsumer] of Map.groupBy(letters, (letter) => letter.consumer)) {
      const ids = ofConsumer.map(({ id }) => id);
      try {
        const event_ids = ofConsumer.map(({ event_id }) => event_id);
        await this.bus.request(inboxDiscardRequest(serviceOf(consumer)), { consumer, event_ids });
        await this.due.told(ids);
      } catch (error) {
        this.logger.log('dead_letter.round_failed', { error, consumer });
        await this.due.postpone(ids, waitAfter(ofConsumer[0]?.attempts ?? 1));
      }
    }
  }

  async #upkeep(): Promise<void> {
    const now = performance.now();
    if (now - this.#confirmedAt > CONFIRM_EVERY_MS || this.#confirmedAt === 0) {
      this.#confirmedAt = now;
      await this.#settleProcessed();
    }
    if (now - this.#deletedAt > DELETE_EVERY_MS || this.#deletedAt === 0) {
      this.#deletedAt = now;
      await this.due.deleteOld();
    }
  }

  /** An outbox publishes an event again that nobody confirmed, so a consumer that was mended may have it by now. */
  async #settleProcessed(): Promise<void> {
    for (const [consumer, event_ids] of await this.due.waiting()) {
      if (!hasInbox(consumer)) continue;
      const { confirmed } = await this.bus
        .request(inboxRequest(serviceOf(consumer)), { consumer, event_ids })
        // The service is away; its letters go on waiting.
        .catch(() => ({ confirmed: [] }));
      if (confirmed.length > 0) await this.due.processedAnyway(consumer, confirmed);
    }
  }
}

/** Undefined when the body is not JSON. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

const isAway = (error: unknown): boolean =>
  error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'deadline_exceeded');

const waitAfter = (attempts: number): number =>
  Math.min(AWAY_MS * 2 ** Math.min(attempts - 1, 10), MAX_WAIT_MS);
