import type { PatternTable } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { KeyValue } from '../incidents/key-value.ts';
import type { PatternRepository } from './pattern.repository.ts';
import { MAX_PATTERNS, writeTable } from './pattern-table.ts';

const RETRY_MS = 1000;
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
  #stopped = false;

  constructor(
    private readonly bucket: KeyValue<PatternTable>,
    private readonly patterns: Pick<PatternRepository, 'inUse'>,
    private readonly clock: () => number,
    private readonly logger: Pick<Logger, 'info' | 'debug'>,
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
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#check) clearInterval(this.#check);
    if (this.#retry) clearTimeout(this.#retry);
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#wanted) {
      this.#wanted = false;
      try {
        // Trials yield to what decides, so of so many rows enough are left.
        const changed = await writeTable(
          this.bucket,
          () => this.patterns.inUse(2 * MAX_PATTERNS),
          this.clock,
        );
        if (changed) this.logger.info({}, 'the pattern table was written');
      } catch (error) {
        this.logger.debug({ error }, 'the pattern table could not be written yet');
        if (this.#stopped) return;
        if (this.#retry) clearTimeout(this.#retry);
        this.#retry = setTimeout(() => this.refresh(), RETRY_MS);
        this.#retry.unref();
        return;
      }
    }
  }
}
