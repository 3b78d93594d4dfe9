import { Bus } from '@gridworks/bus';
import { AppError, inboxDiscardRequest, inboxRequest, replayRequest } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { WakeableLoop } from '@gridworks/persistence';
import { redactText } from '@gridworks/redaction';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { hasInbox, serviceOf } from './consumer-service.ts';
import {
  type DueLetter,
  DueLettersRepository,
  MOST_AT_ONCE,
  type PendingDiscards,
} from './due-letters.repository.ts';

const POLL_MS = 1000;
/** The same once there was nothing to do for a minute: decisions announce themselves. */
const CALM_POLL_MS = 5000;
const CALM_AFTER_MS = 60_000;
const AWAY_MS = 2000;
/** A handler of an event may take longer than one of a request. */
const REPLAY_DEADLINE_MS = 10_000;
/** Another healer takes the letter of one that was killed after this time. */
const CLAIM_MS = REPLAY_DEADLINE_MS + 2000;
const MAX_WAIT_MS = 60_000;
/** A replay that does not finish in time so often is given up. */
const UNFINISHED_ATTEMPTS = 3;
const CONFIRM_EVERY_MS = 10_000;
const DELETE_EVERY_MS = 3_600_000;

/**
 * Does what was decided about dead letters: replays them, one after another, and enters discarded events in the
 * inboxes of their consumers. What is unfinished when the process ends is continued by the next one.
 */
@Injectable()
export class DeadLetterWorker implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #loop = new WakeableLoop(() => this.#turn());
  #confirmedAt = 0;
  #workedAt = performance.now();
  /** The last letter of which it is known whether its event was processed. */
  #confirmedId = '';
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
      const discards = await this.due.pendingDiscards();
      if (discards) await this.#enterInInbox(discards);
      const letter = await this.due.claim(CLAIM_MS);
      if (letter) await this.#replay(letter);
      await this.#upkeep();
      if (letter || discards) this.#workedAt = performance.now();
      if (letter || discards) return 0;
      return performance.now() - this.#workedAt > CALM_AFTER_MS ? CALM_POLL_MS : POLL_MS;
    } catch (error) {
      this.logger.log('dead_letter.round_failed', { error });
      return AWAY_MS;
    }
  }

  async #replay(letter: DueLetter): Promise<void> {
    const { consumer, event, event_id, id, subject } = letter;
    const content = parse(event);
    let reason: string | null = 'not a valid event: not JSON';
    if (content !== undefined) {
      try {
        const contract = replayRequest(serviceOf(consumer));
        const options = { deadlineMs: REPLAY_DEADLINE_MS };
        ({ reason } = await this.bus.request(contract, { consumer, subject, event: content }, options));
      } catch (error) {
        if (await this.#isTriedAgain(letter, error)) return;
        reason = redactText(error instanceof Error ? error.message : String(error)).slice(0, 500);
      }
    }
    if (reason === null) return this.due.processed(id);
    this.logger.log('dead_letter.not_processed', { consumer, event_id, reason });
    await this.due.failed(id, reason);
  }

  /**
   * A consumer that is away says nothing about the event, and others of it need not be tried now. One that did
   * not finish may have processed the event, which its inbox shows later; a few tries, so that it keeps no other
   * letter waiting.
   */
  async #isTriedAgain({ attempts, consumer, event_id, id }: DueLetter, error: unknown): Promise<boolean> {
    const kind = error instanceof AppError ? error.kind : undefined;
    const isAway = kind === 'unavailable';
    if (!isAway && (kind !== 'deadline_exceeded' || attempts >= UNFINISHED_ATTEMPTS)) return false;
    this.logger.log('dead_letter.round_failed', { error, consumer, event_id });
    if (isAway) await this.due.postponeAll(consumer, AWAY_MS);
    // Longer than the others, so that they have their turn.
    await this.due.postpone(id, Math.min(AWAY_MS * 2 ** Math.min(attempts, 10), MAX_WAIT_MS));
    return true;
  }

  async #enterInInbox({ consumer, ids, eventIds }: PendingDiscards): Promise<void> {
    try {
      const event_ids = [...eventIds];
      await this.bus.request(inboxDiscardRequest(serviceOf(consumer)), { consumer, event_ids });
      await this.due.entered(ids);
    } catch (error) {
      this.logger.log('dead_letter.round_failed', { error, consumer });
      await this.due.postponeAll(consumer, AWAY_MS);
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

  /**
   * An outbox publishes an event again that nobody confirmed, so a consumer that was mended may have it by now.
   * Reads a part of the letters each time.
   */
  async #settleProcessed(): Promise<void> {
    const letters = await this.due.waiting(this.#confirmedId);
    this.#confirmedId = letters.length === MOST_AT_ONCE ? (letters.at(-1)?.id ?? '') : '';
    for (const [consumer, ofConsumer] of Map.groupBy(letters, (letter) => letter.consumer)) {
      if (!hasInbox(consumer)) continue;
      const event_ids = ofConsumer.map(({ event_id }) => event_id);
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
