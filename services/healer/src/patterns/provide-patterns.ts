import { Bus } from '@gridworks/bus';
import { patternChanged, patternTableSchema } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import type { OnApplicationBootstrap, OnModuleDestroy, Provider } from '@nestjs/common';
import { PauseRepository } from '../guards/pause.repository.ts';
import { HealingEventPublisher } from '../state/healing-event-publisher.ts';
import { StoredState } from '../state/stored-state.ts';
import { ListPatternsHandler } from './list-patterns.handler.ts';
import { ModelTrials } from './model-trials.ts';
import { PatternRepository } from './pattern.repository.ts';
import { PatternLearner } from './pattern-learner.ts';
import { EMPTY_TABLE } from './pattern-table.ts';
import { PatternTableWriter } from './pattern-table-writer.ts';
import { PatternUpkeep } from './pattern-upkeep.ts';
import { RemovePatternHandler } from './remove-pattern.handler.ts';

/** Starts and stops the background work on patterns with the service. */
class PatternWork implements OnApplicationBootstrap, OnModuleDestroy {
  #off: (() => void) | null = null;
  #stopped = false;

  constructor(
    private readonly bus: Bus,
    private readonly database: Database,
    private readonly table: PatternTableWriter,
    private readonly upkeep: PatternUpkeep,
  ) {}

  /** The work starts once the database is ready, so that attempts which cannot succeed yet log no errors. */
  onApplicationBootstrap(): void {
    void this.database.whenReady().then(() => {
      if (this.#stopped) return;
      this.table.start();
      this.upkeep.start();
      // After a reconnect NATS may have lost its buckets.
      this.#off = this.bus.onState((state) => {
        if (state === 'connected') this.table.refresh();
      });
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    this.#off?.();
    await Promise.all([this.table.stop(), this.upkeep.stop()]);
  }
}

const clock = (): number => Date.now();

export const patternControllers = [ListPatternsHandler, RemovePatternHandler];

/**
 * The providers of learning, for the healer's module. Needs `Bus`, `Database`, `LOGGER`, `StoredState`,
 * `HealingEventPublisher` and `PauseRepository`.
 */
export const patternProviders: Provider[] = [
  PatternRepository,
  {
    provide: PatternTableWriter,
    inject: [Bus, StoredState, PatternRepository, LOGGER, HealingEventPublisher],
    useFactory: async (
      bus: Bus,
      state: StoredState,
      patterns: PatternRepository,
      logger: Logger,
      publisher: HealingEventPublisher,
    ) =>
      new PatternTableWriter(
        // PostgreSQL is the source of truth: an unreadable table is written again.
        await state.open(bus, 'healer_patterns', patternTableSchema, () => EMPTY_TABLE),
        patterns,
        clock,
        logger,
        () => publisher.publish(patternChanged, {}),
      ),
  },
  {
    provide: PatternLearner,
    inject: [Database, PatternRepository, PauseRepository, PatternTableWriter, LOGGER],
    useFactory: (
      database: Database,
      patterns: PatternRepository,
      pauses: PauseRepository,
      table: PatternTableWriter,
      logger: Logger,
    ) => new PatternLearner({ database, patterns, pauses, table, logger, clock }),
  },
  {
    provide: ModelTrials,
    inject: [Database, PatternRepository, PatternTableWriter],
    useFactory: (database: Database, patterns: PatternRepository, table: PatternTableWriter) =>
      new ModelTrials({ database, patterns, table, clock }),
  },
  {
    provide: PatternUpkeep,
    inject: [Database, PatternRepository, PauseRepository, PatternTableWriter, LOGGER],
    useFactory: (
      database: Database,
      patterns: PatternRepository,
      pauses: PauseRepository,
      table: PatternTableWriter,
      logger: Logger,
    ) => new PatternUpkeep({ database, patterns, pauses, table, logger, clock }),
  },
  {
    provide: PatternWork,
    inject: [Bus, Database, PatternTableWriter, PatternUpkeep],
    useFactory: (bus: Bus, database: Database, table: PatternTableWriter, upkeep: PatternUpkeep) =>
      new PatternWork(bus, database, table, upkeep),
  },
];
