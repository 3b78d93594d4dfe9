import { AppError, type CapturedError, type ErrorsCaptured, UNAVAILABLE } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { Database } from '@gridworks/persistence';
import type { PauseRepository } from '../guards/pause.repository.ts';
import { SerialQueue } from '../state/serial-queue.ts';
import { hasOutcomes, learnCaptures, mayTrain } from './learn-captures.ts';
import type { PatternRepository } from './pattern.repository.ts';
import type { PatternRecord } from './pattern.ts';

export interface LearnerParts {
  readonly database: Pick<Database, 'once'>;
  readonly patterns: PatternRepository;
  readonly pauses: Pick<PauseRepository, 'labels'>;
  readonly table: { refresh(): void };
  readonly logger: Pick<Logger, 'log'>;
  /** Epoch ms. */
  readonly clock: () => number;
}

const isInUse = (record: PatternRecord | undefined): boolean =>
  record?.state === 'deciding' || record?.state === 'trial';

/**
 * Counts how often each strategy healed each error, and publishes the pattern table when the deciding
 * strategies change.
 */
export class PatternLearner {
  /** One at a time: PostgreSQL would run them one after another anyhow, each with a waiting connection. */
  readonly #line = new SerialQueue();
  #failures = 0;

  constructor(private readonly parts: LearnerParts) {}

  /**
   * Learns from the errors that a process published, once, however often the event is delivered. Errors under
   * a label that does not train change nothing. Throws `PLATFORM.UNAVAILABLE` while labels cannot be read or
   * PostgreSQL is away: then the event has to wait, since an error that may be labelled must not train.
   */
  learn(event: { readonly id: string }, captured: ErrorsCaptured): Promise<void> {
    if (!captured.captures.some(hasOutcomes)) return Promise.resolve();
    const failures = this.#failures;
    return this.#line.run(async () => {
      // The event before this one failed because something was away. This one would only wait as long; it is
      // redelivered.
      if (failures !== this.#failures) throw new AppError(UNAVAILABLE, { retryAfterMs: 1000 });
      try {
        await this.#learn(event, captured);
      } catch (error) {
        if (error instanceof AppError && error.kind === 'unavailable') this.#failures++;
        throw error;
      }
    });
  }

  async #learn(event: { readonly id: string }, captured: ErrorsCaptured): Promise<void> {
    const { clock, database, patterns, pauses, table } = this.parts;
    const { service } = captured;
    const labels = await pauses.labels();
    const now = clock();
    const training = captured.captures.filter((capture) => mayTrain(labels, service, capture, now));
    if (training.length === 0) return;
    let before: readonly PatternRecord[] = [];
    let changed: readonly PatternRecord[] = [];
    const consumer = `healer_record-${service}-errors`;
    const taken = await database.once(event, consumer, async (tx) => {
      await patterns.lock(tx);
      const uncounted = await patterns.takeUncounted(
        tx,
        training.map(({ id }) => id),
      );
      const captures = firstOfEach(training).filter(({ id }) => uncounted.has(id));
      changed = await patterns.change(tx, fingerprintsOf(captures), (known) => {
        before = known;
        return learnCaptures(known, service, captures, now);
      });
    });
    // A duplicate may be an event whose COMMIT succeeded although the connection broke before its response.
    if (taken === 'duplicate' || this.#notify(before, changed)) table.refresh();
  }

  /** Returns whether the patterns in use changed, and logs each change. */
  #notify(before: readonly PatternRecord[], after: readonly PatternRecord[]): boolean {
    const states = new Map(before.map((record) => [record.id, record]));
    const turned = after.filter((record) => {
      const old = states.get(record.id);
      return old?.state !== record.state && (isInUse(old) || isInUse(record));
    });
    for (const { fingerprint, source, state, strategy, why } of turned)
      this.parts.logger.log('pattern.changed', { fingerprint, source, strategy, state, why });
    return turned.length > 0;
  }
}

const fingerprintsOf = (captures: readonly CapturedError[]): string[] => [
  ...new Set(captures.map(({ fingerprint }) => fingerprint)),
];

const firstOfEach = (captures: readonly CapturedError[]): CapturedError[] =>
  [...new Map([...captures].reverse().map((capture) => [capture.id, capture])).values()].reverse();
