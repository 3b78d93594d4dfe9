import { AppError, INVALID_INPUT, newId } from '@gridworks/contracts';
import type { Database, Transaction } from '@gridworks/persistence';
import type { PatternRepository } from './pattern.repository.ts';
import { countAnew, type ErrorSighting, newPattern, type PatternRecord } from './pattern.ts';

export interface Trial extends ErrorSighting {
  readonly fingerprint: string;
  readonly strategy: PatternRecord['strategy'];
}

export type TrialState = Pick<PatternRecord, 'fingerprint' | 'strategy' | 'origin' | 'state' | 'verified'>;

export interface TrialParts {
  readonly database: Pick<Database, 'transaction'>;
  readonly patterns: PatternRepository;
  readonly table: { refresh(): void };
  /** Epoch ms. */
  readonly clock: () => number;
}

/**
 * Trials of the model's verdicts, each started by a human. A trial is promoted after enough successes, or
 * ends with its first failure.
 */
export class ModelTrials {
  constructor(private readonly parts: TrialParts) {}

  /**
   * Starts the trial of a verdict in every process, from now on. A strategy that decides already, or is on
   * trial, is not changed. Throws `PLATFORM.INVALID_INPUT` for ESCALATE, which cannot be tried, and
   * `PLATFORM.UNAVAILABLE`. With `tx` the trial is part of that transaction; call `announce` once that is
   * committed.
   */
  async startTrial(trial: Trial, tx?: Transaction): Promise<void> {
    if (trial.strategy === 'ESCALATE')
      throw new AppError(INVALID_INPUT, { detail: 'ESCALATE does nothing, so it cannot be tried.' });
    if (tx) return this.#start(tx, trial);
    await this.parts.database.transaction((own) => this.#start(own, trial));
    this.announce();
  }

  /** Publishes the patterns in use to every process. */
  announce(): void {
    this.parts.table.refresh();
  }

  /** The states of these verdicts' trials, as far as there were any. Throws `PLATFORM.UNAVAILABLE`. */
  async listStates(
    keys: readonly { readonly fingerprint: string; readonly strategy: string }[],
  ): Promise<TrialState[]> {
    if (keys.length === 0) return [];
    const records = await this.parts.patterns.states(keys);
    return records.map(({ fingerprint, strategy, origin, state, verified }) => ({
      ...{ fingerprint, strategy, origin, state, verified },
    }));
  }

  async #start(tx: Transaction, trial: Trial): Promise<void> {
    const now = this.parts.clock();
    await this.parts.patterns.change(tx, [trial.fingerprint], (known) => {
      const old = known.find(({ strategy }) => strategy === trial.strategy);
      if (old?.state === 'deciding' || (old?.origin === 'model' && old.state !== 'demoted')) return [];
      const { fingerprint, strategy, ...sighting } = trial;
      const row = old ?? newPattern({ id: newId('pattern', now), fingerprint, strategy, ...sighting }, now);
      const started: PatternRecord = {
        ...countAnew(row, now),
        ...sighting,
        origin: 'model',
        state: 'trial',
        why: "the model's verdict is on trial",
        updatedAt: now,
      };
      return [started];
    });
  }
}
