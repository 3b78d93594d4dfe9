import type { Logger } from '@gridworks/observability';
import { Database, WakeableLoop } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { PaymentProviders } from '../provider/payment-providers.ts';
import { PaymentAttemptRepository } from './payment-attempt.repository.ts';
import type { PaymentAttempt } from './payment-attempt.ts';
import { PerformPayment } from './perform-payment.ts';

/** Attempts that one process works on at once. */
const PARALLEL = 8;

/**
 * Takes every attempt that is due one step further: new ones are sent, open ones are read. Any number of instances may run: each
 * attempt is leased to one of them.
 */
@Injectable()
export class PaymentRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #loop = new WakeableLoop(() => this.#run());
  readonly #running = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly attempts: PaymentAttemptRepository,
    private readonly payment: PerformPayment,
    private readonly providers: PaymentProviders,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.providers.configured) void this.database.whenReady().then(() => this.#loop.start());
  }

  /** Waits for the current attempts. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#loop.stop();
    await Promise.all(this.#running);
  }

  /** There is something to do. */
  wake(): void {
    this.#loop.wake();
  }

  /** Begins all that is due, and returns how many ms later the next look is. A slow attempt keeps no other waiting. */
  async #run(): Promise<number> {
    const { pollMs } = this.payment.times;
    try {
      const waitMs = await this.#waitMs();
      if (waitMs > 0) return Math.min(pollMs, Math.max(10, waitMs));
      while (this.#running.size < PARALLEL) {
        const now = new Date();
        const attempt = await this.attempts.claim(now, this.payment.times.leaseMs);
        if (!attempt) return Math.min(pollMs, Math.max(10, await this.#waitMs()));
        this.#begin(attempt, now);
      }
    } catch (error) {
      this.logger.log('payment.run_failed', { error });
    }
    // Woken as soon as an attempt has ended.
    return pollMs;
  }

  #begin(attempt: PaymentAttempt, now: Date): void {
    const performed = this.payment
      .perform(attempt, now)
      .catch((error: unknown) => {
        this.logger.log('payment.step_failed', { error, payment_id: attempt.id, state: attempt.state });
      })
      .finally(() => {
        const wasFull = this.#running.size === PARALLEL;
        this.#running.delete(performed);
        if (wasFull) this.wake();
      });
    this.#running.add(performed);
  }

  async #waitMs(): Promise<number> {
    return ((await this.attempts.nextDue())?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now();
  }
}
