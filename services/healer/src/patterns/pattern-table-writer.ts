import type { PatternTable } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { KeyValue } from '../state/key-value.ts';
import type { PatternRepository } from './pattern.repository.ts';
import { MAX_PATTERNS, writeTable } from './pattern-table.ts';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8000;
/** A lost bucket sends no event, so the table is compared this often. */
const CHECK_EVERY_MS = 15_000;

/**
 * Keeps the pattern table, which every process reads, equal to PostgreSQL, in the background. The table is
 * checked after each change of what decides, at start, after each reconnect of the bus, and periodically.
 * While the bus or PostgreSQL is away, processes continue with the table they have, and the write is retried.
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
    private readonly logger: Pick<Logger, 'log'>,
    /** Called when the table was written. */
    private readonly onChanged: () => void = () => undefined,
  ) {}

  start(): void {
    this.refresh();
    this.#check = setInterval(() => this.refresh(), CHECK_EVERY_MS);
    this.#check.unref();
  }

  /** Writes the table soon, unless it is up to date. Changes during the write lead to one more write. */
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

  /**
   * The check for further changes and the reset of `#writing` happen without an await in between, so that no
   * change is missed.
   */
  async #writeWhileWanted(): Promise<void> {
    while (this.#wanted) {
      this.#wanted = false;
      try {
        // A trial yields to a deciding pattern of the same error, so twice the limit leaves enough rows.
        const changed = await writeTable(
          this.bucket,
          () => this.patterns.inUse(2 * MAX_PATTERNS),
          this.clock,
        );
        this.#retryMs = FIRST_RETRY_MS;
        if (changed) {
          this.logger.log('pattern_table.written');
          this.onChanged();
        }
      } catch (error) {
        this.logger.log('pattern_table.write_failed', { error });
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
