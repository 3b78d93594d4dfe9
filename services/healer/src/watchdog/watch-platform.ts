import { signalRow } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { Platform } from '../platform/platform.ts';
import type { OwnSymptoms } from './own-symptoms.ts';
import { HEALER } from './symptom-of-mine.ts';

const POLL_EVERY_MS = 2000;
const FAILED_POLLS = 2;
const AWAY_AFTER_MS = signalRow('platform.away').raiseAfterMs;
/** Characters of the error message. */
const MAX_REASON = 300;

export interface PlatformWatchOptions {
  readonly platform: Pick<Platform, 'ping'>;
  readonly symptoms: Pick<OwnSymptoms, 'set'>;
  readonly clock: () => number;
  readonly logger: Pick<Logger, 'log'>;
  readonly everyMs?: number;
}

/**
 * Polls the platform: without it no process is restarted, and nothing else would notice that it is gone. Its
 * incident stays open until the platform responds, whatever else happens.
 */
export class PlatformWatch {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #failingSince: number | null = null;
  #failures = 0;

  constructor(private readonly options: PlatformWatchOptions) {}

  start(): void {
    this.#timer = setTimeout(() => void this.#round(), this.options.everyMs ?? POLL_EVERY_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #round(): Promise<void> {
    // While the bus is away nothing can be raised or cleared: the next round does it.
    await this.#poll().catch((error: unknown) =>
      this.options.logger.log('platform.report_failed', { error }),
    );
    if (!this.#stopped) this.start();
  }

  async #poll(): Promise<void> {
    const { clock, platform, symptoms } = this.options;
    const began = clock();
    const error = await platform.ping().then(
      () => null,
      (failure: unknown) => String((failure as Error)?.message ?? failure).slice(0, MAX_REASON),
    );
    if (this.#stopped) return;
    if (error === null) {
      this.#failingSince = null;
      this.#failures = 0;
      await symptoms.set(false, 'platform.away', HEALER);
      return;
    }
    this.#failingSince ??= began;
    this.#failures++;
    if (this.#failures < FAILED_POLLS || clock() - this.#failingSince < AWAY_AFTER_MS) return;
    await symptoms.set(true, 'platform.away', HEALER, { error });
  }
}
