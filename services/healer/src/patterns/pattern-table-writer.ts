import type { PatternTable } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { KeyValue } from '../state/key-value.ts';
import type { PatternRepository } from './pattern.repository.ts';
import { MAX_PATTERNS, writeTable } from './pattern-table.ts';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8000;
/** A bucket that was lost tells nobody; so often it is looked at. */
const CHECK_EVERY_MS = 15_000;

/**
 * Keeps the table that every process reads as PostgreSQL says, in the background: after each change of what
 * decides, at start, after each reconnect of the bus, and whenever it is looked at and differs. While either of the
 * two is away processes go on with the table they have, and it is tried again.
 */
export class PatternTableWriter {
  #wanted = false;
  #writing: Promise<void> | null = null;
  #retry: NodeJS.Timeout | null = null;
  #check: NodeJS.Timeout | null = null;
  #retryMs = FIRST_RETRY_MS;
  #stopped = false;

  constructor(
    private readonly bucket: KeyValue<PatternTable>,
    private readonly patterns: Pick<PatternRepository, 'inUse'>,
    private readonly clock: () => number,
    private readonly logger: Pick<Logger, 'info' | 'debug'>,
    /** Called when the table was written anew. */
    private readonly onChanged: () => void = () => undefined,
  ) {}

  start(): void {
    this.refresh();
    this.#check = setInterval(() => this.refresh(), CHECK_EVERY_MS);
    this.#check.unref();
  }

  /** Writes the table soon, when it is not as it should be. Changes that come while it is written lead to one more write. */
  refresh(): void {
    if (this.#stopped) return;
    this.#wanted = true;
    this.#writing ??= this.#writeWhileWanted();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#check) clearInterval(this.#check);
    if (this.#retry) clearTimeout(this.#retry);
    await this.#writing;
  }

  /** Ends in the same moment in which it finds that nothing is wanted, so that no change falls in between. */
  async #writeWhileWanted(): Promise<void> {
    while (this.#wanted) {
      this.#wanted = false;
      try {
        // Trials yield to what decides, so of so many rows enough are left.
        const changed = await writeTable(
          this.bucket,
          () => this.patterns.inUse(2 * MAX_PATTERNS),
          this.clock,
        );
        this.#retryMs = FIRST_RETRY_MS;
        if (changed) {
          this.logger.info({}, 'the pattern table was written');
          this.onChanged();
        }
      } catch (error) {
        this.logger.debug({ error }, 'the pattern table could not be written yet');
        this.#tryAgain();
        break;
      }
    }
    this.#writing = null;
  }

  #tryAgain(): void {
    if (this.#stopped) return;
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.refresh(), this.#retryMs);
    this.#retry.unref();
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
  }
}
