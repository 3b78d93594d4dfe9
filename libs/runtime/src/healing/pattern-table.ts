import type { Bus } from '@gridworks/bus';
import { PATTERN_TABLE_KEY, patternTableSchema, type PatternTable as Table } from '@gridworks/contracts';
import type { KnownPattern, PatternsPort } from '@gridworks/resilience';

/**
 * The patterns that all processes have learned together, in memory: followed while the bus is there, kept
 * unchanged while it is not.
 */
export class LocalPatterns implements PatternsPort {
  /** Version of the table in use; 0: none was received yet. */
  version = 0;
  #patterns: ReadonlyMap<string, KnownPattern> = new Map();
  #stop: (() => void) | undefined;
  #stopped = false;

  /** The number of errors with a pattern. */
  get size(): number {
    return this.#patterns.size;
  }

  lookup(fingerprint: string): KnownPattern | null {
    return this.#patterns.get(fingerprint) ?? null;
  }

  /** Follows the table until `stop`. */
  async follow(bus: Pick<Bus, 'bucket'>): Promise<void> {
    const bucket = await bus.bucket('healer_patterns', patternTableSchema);
    if (this.#stopped) return;
    const watch = bucket.watch(({ key, value }) => {
      if (key === PATTERN_TABLE_KEY) this.#use(value);
    });
    this.#stop = () => watch.stop();
  }

  stop(): void {
    this.#stopped = true;
    this.#stop?.();
  }

  /**
   * null: the table was deleted, so there are no patterns any more. A bucket that was lost changes nothing.
   */
  #use(table: Table | null): void {
    this.version = table?.version ?? 0;
    this.#patterns = new Map(Object.entries(table?.patterns ?? {}));
  }
}
