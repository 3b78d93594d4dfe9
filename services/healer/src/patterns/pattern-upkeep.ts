import type { Logger } from '@gridworks/observability';
import type { Database } from '@gridworks/persistence';
import type { PauseRepository } from '../guards/pause.repository.ts';
import { chooseDeciding, fadeOut } from './count-outcomes.ts';
import type { PatternRepository } from './pattern.repository.ts';
import type { PatternRecord } from './pattern.ts';

export interface UpkeepParts {
  readonly database: Pick<Database, 'transaction'>;
  readonly patterns: PatternRepository;
  readonly pauses: Pick<PauseRepository, 'renew'>;
  readonly table: { refresh(): void };
  readonly logger: Pick<Logger, 'log'>;
  /** Epoch ms. */
  readonly clock: () => number;
}

const EVERY_MS = 10 * 60_000;
const RETRY_MS = 60_000;

/**
 * Changes that only time causes: outcomes fade until their pattern no longer decides, and are deleted in the
 * end.
 */
export class PatternUpkeep {
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(private readonly parts: UpkeepParts) {}

  start(): void {
    this.#running = this.run()
      .then(
        () => EVERY_MS,
        (error) => {
          this.parts.logger.log('pattern.upkeep_failed', { error });
          return RETRY_MS;
        },
      )
      .then((waitMs) => {
        if (this.#stopped) return;
        this.#timer = setTimeout(() => this.start(), waitMs);
        this.#timer.unref();
      });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  /** Runs once. Throws `PLATFORM.UNAVAILABLE` while the bus or PostgreSQL is away. */
  async run(): Promise<void> {
    const { clock, database, patterns, pauses, table } = this.parts;
    const changed = await database.transaction(async (tx) => {
      await patterns.lock(tx);
      await patterns.deleteExpired(tx);
      const faded = withoutFaded(await patterns.ofDecidedErrors(tx), clock());
      await patterns.save(tx, faded);
      return faded;
    });
    if (changed.length > 0) table.refresh();
    await pauses.renew();
  }
}

/** The rows that change when faded patterns no longer decide. */
export function withoutFaded(known: readonly PatternRecord[], now: number): PatternRecord[] {
  const before = new Set(known);
  const byError = Map.groupBy(known, ({ fingerprint }) => fingerprint);
  return [...byError.values()]
    .flatMap((ofOneError) =>
      chooseDeciding(
        ofOneError.map((record) => fadeOut(record, now)),
        now,
      ),
    )
    .filter((record) => !before.has(record));
}
