import { Bus } from '@gridworks/bus';
import { Database, PersistenceModule } from '@gridworks/persistence';
import { HealthRegistry } from '@gridworks/runtime';
import { type DynamicModule, Module } from '@nestjs/common';
import { migrations } from '../migrations/index.ts';
import { BreakerFleet } from './breakers/breaker-fleet.ts';
import { ListBreakersHandler } from './breakers/list-breakers.handler.ts';
import { SetBreakerHandler } from './breakers/set-breaker.handler.ts';
import { deadLetterControllers, deadLetterProviders } from './dead-letters/provide-dead-letters.ts';
import { figureControllers, figureProviders } from './figures/provide-figures.ts';
import { ActLedgerRepository } from './guards/act-ledger.repository.ts';
import { CreatePauseHandler } from './guards/create-pause.handler.ts';
import { ListPausesHandler } from './guards/list-pauses.handler.ts';
import { PauseRepository } from './guards/pause.repository.ts';
import { RemovePauseHandler } from './guards/remove-pause.handler.ts';
import type { Healer, HealerParts } from './healer.ts';
import { ErrorHoursRepository } from './history/error-hours.repository.ts';
import { GetIncidentHandler } from './history/get-incident.handler.ts';
import { HistoryRepository } from './history/history.repository.ts';
import { IncidentPages } from './history/incident-pages.ts';
import { ListIncidentsHandler } from './history/list-incidents.handler.ts';
import { RecordIncidentHandler } from './history/record-incident.handler.ts';
import { IncidentRepository } from './incidents/incident.repository.ts';
import { indexControllers, indexProviders } from './indexes/provide-indexes.ts';
import { ErrorIntake } from './intake/error-intake.ts';
import { ObserveSymptomHandler } from './intake/observe-symptom.handler.ts';
import { MODEL_ADVISOR, RecordErrorsHandler } from './intake/record-errors.handler.ts';
import { ReportSymptomHandler } from './intake/report-symptom.handler.ts';
import { SymptomRouter } from './intake/symptom-router.ts';
import { ModelAdvisor } from './model/model-advisor.ts';
import { modelControllers, modelProviders } from './model/provide-model.ts';
import { patternControllers, patternProviders } from './patterns/provide-patterns.ts';
import { ListPoolsHandler } from './pools/list-pools.handler.ts';
import { PoolFleet } from './pools/pool-fleet.ts';
import { SetPoolHandler } from './pools/set-pool.handler.ts';
import { HealingEventPublisher } from './state/healing-event-publisher.ts';
import { StoredState } from './state/stored-state.ts';

const PARTS = Symbol('HealerParts');

@Module({})
export class HealerModule {
  constructor(health: HealthRegistry, database: Database) {
    health.register(database);
  }

  /** The healer reads its stored state before the first request is handled. */
  static forHealer(healer: Healer): DynamicModule {
    const part = <K extends keyof HealerParts>(token: unknown, key: K) => ({
      provide: token as symbol,
      inject: [PARTS],
      useFactory: (parts: HealerParts) => parts[key],
    });
    return {
      module: HealerModule,
      controllers: [
        ObserveSymptomHandler,
        ReportSymptomHandler,
        ListIncidentsHandler,
        GetIncidentHandler,
        CreatePauseHandler,
        ListPausesHandler,
        RemovePauseHandler,
        RecordIncidentHandler,
        RecordErrorsHandler,
        ListBreakersHandler,
        SetBreakerHandler,
        ListPoolsHandler,
        SetPoolHandler,
        ...deadLetterControllers,
        ...indexControllers,
        ...figureControllers,
        ...patternControllers,
        ...modelControllers,
      ],
      providers: [
        HistoryRepository,
        IncidentPages,
        ErrorHoursRepository,
        ...deadLetterProviders,
        ...indexProviders,
        ...figureProviders,
        { provide: StoredState, useValue: healer.state },
        { provide: PARTS, inject: [Bus], useFactory: (bus: Bus) => healer.open(bus) },
        part(IncidentRepository, 'incidents'),
        part(PauseRepository, 'pauses'),
        part(ActLedgerRepository, 'ledger'),
        part(ErrorIntake, 'captures'),
        part(SymptomRouter, 'symptoms'),
        {
          provide: BreakerFleet,
          inject: [Bus],
          useFactory: (bus: Bus) => new BreakerFleet(bus, healer.pulses),
        },
        {
          provide: PoolFleet,
          inject: [Bus],
          useFactory: (bus: Bus) => new PoolFleet(bus, healer.pulses),
        },
        HealingEventPublisher,
        ...patternProviders,
        ...modelProviders,
        { provide: MODEL_ADVISOR, useExisting: ModelAdvisor },
      ],
    };
  }

  /** The history in PostgreSQL. Healing works without it. */
  static persistence(url: string): DynamicModule {
    return PersistenceModule.forService({
      service: 'healer',
      entities: [],
      migrations,
      url,
      poolSize: 6,
      critical: false,
      degraded:
        'Incidents older than a week cannot be read, and history waits to be written: PostgreSQL is away',
    });
  }
}
