import { Bus } from '@gridworks/bus';
import { verdictChanged } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { CONFIG, LOGGER } from '@gridworks/runtime';
import type { OnApplicationBootstrap, OnModuleDestroy, Provider } from '@nestjs/common';
import { IncidentRepository } from '../incidents/incident.repository.ts';
import { HealingNews } from '../state/healing-news.ts';
import { StoredState } from '../state/stored-state.ts';
import { versioned } from '../state/versioned.ts';
import { Asker } from './ask-question.ts';
import { DecideVerdictHandler } from './decide-verdict.handler.ts';
import { IncidentAdvice } from './incident-advice.ts';
import { ListVerdictsHandler } from './list-verdicts.handler.ts';
import type { ModelConfig } from './model.config.ts';
import { ModelClient } from './model-client.ts';
import { ModelDesk } from './model-desk.ts';
import { modelSettings } from './model-settings.ts';
import { QuestionBook, questionSchema, UNREADABLE_QUESTION } from './question-book.ts';
import { SpendRepository } from './spend.repository.ts';
import { NOTHING_SPENT, spendSchema } from './spend.ts';
import { VerdictRepository } from './verdict.repository.ts';
import { VerdictShelf } from './verdict-shelf.ts';

/** From the start of the service to its end. */
class ModelWork implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly desk: ModelDesk,
    private readonly shelf: VerdictShelf,
  ) {}

  onApplicationBootstrap(): void {
    // What cannot be read now waits for the next start, or vanishes with its question after a day.
    this.shelf.adopt().catch(() => undefined);
  }

  async onModuleDestroy(): Promise<void> {
    await this.desk.stop();
  }
}

type ProcessConfig = ModelConfig & { readonly SERVICE_INSTANCE?: string | undefined };

const clock = (): number => Date.now();

/** The handlers of what the model suggested. */
export const modelControllers = [ListVerdictsHandler, DecideVerdictHandler];

/** `ModelDesk` and what it stands on. Needs `Bus`, `Database`, `CONFIG`, `LOGGER`, `IncidentRepository`, `ModelTrials`, `StoredState`, `HealingNews`. */
export const modelProviders: Provider[] = [
  VerdictRepository,
  {
    provide: VerdictShelf,
    inject: [Bus, StoredState, CONFIG, LOGGER, VerdictRepository, HealingNews],
    useFactory: async (
      bus: Bus,
      state: StoredState,
      config: ProcessConfig,
      logger: Logger,
      verdicts: VerdictRepository,
      news: HealingNews,
    ) =>
      new VerdictShelf(
        async (verdict) => {
          await verdicts.add(verdict);
          news.publish(verdictChanged, { id: verdict.id, state: verdict.state });
        },
        await bookOf(bus, state, config),
        logger,
      ),
  },
  {
    provide: ModelDesk,
    inject: [Bus, StoredState, CONFIG, LOGGER, VerdictShelf, IncidentRepository],
    useFactory: async (
      bus: Bus,
      state: StoredState,
      config: ProcessConfig,
      logger: Logger,
      shelf: VerdictShelf,
      incidents: IncidentRepository,
    ) => {
      const settings = modelSettings(config);
      const spend =
        settings &&
        new SpendRepository(
          await state.open(bus, 'healer_limits', versioned(spendSchema), () => NOTHING_SPENT),
          settings.caps,
          clock,
        );
      return new ModelDesk({
        asker: settings && spend && new Asker(new ModelClient(settings), spend, settings),
        book: await bookOf(bus, state, config),
        shelf,
        advice: new IncidentAdvice(incidents, clock, logger),
        clock,
        logger,
      });
    },
  },
  {
    provide: ModelWork,
    inject: [ModelDesk, VerdictShelf],
    useFactory: (desk: ModelDesk, shelf: VerdictShelf) => new ModelWork(desk, shelf),
  },
];

async function bookOf(bus: Bus, state: StoredState, config: ProcessConfig): Promise<QuestionBook> {
  // An unreadable entry counts as an error that was asked about today.
  const bucket = await state.open(
    bus,
    'healer_questions',
    versioned(questionSchema),
    () => UNREADABLE_QUESTION,
  );
  return new QuestionBook(bucket, config.SERVICE_INSTANCE ?? 'healer', clock);
}
