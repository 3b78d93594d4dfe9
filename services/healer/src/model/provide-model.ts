import { Bus } from '@gridworks/bus';
import { verdictChanged } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { CONFIG, LOGGER } from '@gridworks/runtime';
import type { OnApplicationBootstrap, OnModuleDestroy, Provider } from '@nestjs/common';
import { IncidentRepository } from '../incidents/incident.repository.ts';
import { HealingEventPublisher } from '../state/healing-event-publisher.ts';
import { StoredState } from '../state/stored-state.ts';
import { versioned } from '../state/versioned.ts';
import { DecideVerdictHandler } from './decide-verdict.handler.ts';
import { IncidentAdvice } from './incident-advice.ts';
import { ListVerdictsHandler } from './list-verdicts.handler.ts';
import type { ModelConfig } from './model.config.ts';
import { ModelAdvisor } from './model-advisor.ts';
import { ModelClient } from './model-client.ts';
import { modelSettings } from './model-settings.ts';
import { PromptLedger, promptEntrySchema, UNREADABLE_PROMPT } from './prompt-ledger.ts';
import { PromptSender } from './send-prompt.ts';
import { SpendRepository } from './spend.repository.ts';
import { NOTHING_SPENT, spendSchema } from './spend.ts';
import { VerdictRepository } from './verdict.repository.ts';
import { VerdictStore } from './verdict-store.ts';

/** Starts and stops the model's background work with the service. */
class ModelWork implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly advisor: ModelAdvisor,
    private readonly verdictStore: VerdictStore,
  ) {}

  onApplicationBootstrap(): void {
    // A verdict that cannot be read now waits for the next start, or is deleted with its entry after a day.
    this.verdictStore.adopt().catch(() => undefined);
  }

  async onModuleDestroy(): Promise<void> {
    await this.advisor.stop();
  }
}

type ProcessConfig = ModelConfig & { readonly SERVICE_INSTANCE?: string | undefined };

const clock = (): number => Date.now();

/** The handlers of verdicts. */
export const modelControllers = [ListVerdictsHandler, DecideVerdictHandler];

/**
 * `ModelAdvisor` and its dependencies. Needs `Bus`, `Database`, `CONFIG`, `LOGGER`, `IncidentRepository`,
 * `ModelTrials`, `StoredState`, `HealingEventPublisher`.
 */
export const modelProviders: Provider[] = [
  VerdictRepository,
  {
    provide: VerdictStore,
    inject: [Bus, StoredState, CONFIG, LOGGER, VerdictRepository, HealingEventPublisher],
    useFactory: async (
      bus: Bus,
      state: StoredState,
      config: ProcessConfig,
      logger: Logger,
      verdicts: VerdictRepository,
      publisher: HealingEventPublisher,
    ) =>
      new VerdictStore(
        async (verdict) => {
          await verdicts.add(verdict);
          publisher.publish(verdictChanged, { id: verdict.id, state: verdict.state });
        },
        await ledgerOf(bus, state, config),
        logger,
      ),
  },
  {
    provide: ModelAdvisor,
    inject: [Bus, StoredState, CONFIG, LOGGER, VerdictStore, IncidentRepository],
    useFactory: async (
      bus: Bus,
      state: StoredState,
      config: ProcessConfig,
      logger: Logger,
      verdictStore: VerdictStore,
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
      return new ModelAdvisor({
        promptSender: settings && spend && new PromptSender(new ModelClient(settings), spend, settings),
        ledger: await ledgerOf(bus, state, config),
        verdictStore,
        advice: new IncidentAdvice(incidents, clock, logger),
        clock,
        logger,
      });
    },
  },
  {
    provide: ModelWork,
    inject: [ModelAdvisor, VerdictStore],
    useFactory: (advisor: ModelAdvisor, verdictStore: VerdictStore) => new ModelWork(advisor, verdictStore),
  },
];

async function ledgerOf(bus: Bus, state: StoredState, config: ProcessConfig): Promise<PromptLedger> {
  // An unreadable entry counts as an error that was sent today.
  const bucket = await state.open(
    bus,
    'healer_prompts',
    versioned(promptEntrySchema),
    () => UNREADABLE_PROMPT,
  );
  return new PromptLedger(bucket, config.SERVICE_INSTANCE ?? 'healer', clock);
}
