import { Database, PersistenceModule } from '@gridworks/persistence';
import { HealthRegistry, provideRedis } from '@gridworks/runtime';
import { type DynamicModule, Module } from '@nestjs/common';
import { migrations } from '../migrations/index.ts';
import { AnomalyWatch } from './anomalies/anomaly-watch.ts';
import { ChangeCheckHandler } from './check-runs/change-check.handler.ts';
import { CheckChangeRepository } from './check-runs/check-change.repository.ts';
import { CheckJudge } from './check-runs/check-judge.ts';
import { CheckRunner } from './check-runs/check-runner.ts';
import { CheckSettingsRepository } from './check-runs/check-settings.repository.ts';
import { ReadChecksHandler } from './check-runs/read-checks.handler.ts';
import { RunCheckHandler } from './check-runs/run-check.handler.ts';
import { MeteredCallsCheck } from './checks/business/metered-calls.check.ts';
import { PartnerCallCheck } from './checks/business/partner-call.check.ts';
import { ReconciliationCheck } from './checks/business/reconciliation.check.ts';
import { SyntheticPartner } from './checks/business/synthetic-partner.ts';
import { OUTER_CHECKS, type RunnableCheck } from './checks/check-outcome.ts';
import { SessionsCheck } from './checks/database/sessions.check.ts';
import { EventLogCheck } from './checks/events/event-log.check.ts';
import { ModelCheck } from './checks/external/model.check.ts';
import { SmtpCheck } from './checks/external/smtp.check.ts';
import { TwilioCheck } from './checks/external/twilio.check.ts';
import { IndexCheckRepository } from './checks/integrity/index-check.repository.ts';
import { IntegrityCheck } from './checks/integrity/integrity.check.ts';
import { GatewayHttpCheck } from './checks/processes/gateway-http.check.ts';
import { InstanceCheck } from './checks/processes/instance.check.ts';
import { NatsCheck } from './checks/servers/nats.check.ts';
import { PostgresCheck } from './checks/servers/postgres.check.ts';
import { RedisCheck } from './checks/servers/redis.check.ts';
import { SERVER_CHECKS, type ServerCheck } from './checks/servers/server-check.ts';
import { HealthCheckRepository } from './health/health-check.repository.ts';
import { HealthRecorder } from './health/health-recorder.ts';
import { RollupRepository } from './health/rollup.repository.ts';
import { MetricHistory } from './metrics/metric-history.ts';
import { ReadMetricsHandler } from './metrics/read-metrics.handler.ts';
import { GetHealthHistoryHandler } from './status/get-health-history.handler.ts';
import { GetOverviewHandler } from './status/get-overview.handler.ts';
import { GetPublicStatusHandler } from './status/get-public-status.handler.ts';
import { GetPublicStatusHistoryHandler } from './status/get-public-status-history.handler.ts';
import { ListHealthChecksHandler } from './status/list-health-checks.handler.ts';
import { OtherServices } from './status/other-services.ts';
import { PublicDays } from './status/public-days.ts';
import { SymptomPublisher } from './symptoms/symptom-publisher.ts';
import { GetSystemHealthHandler } from './watch/get-system-health.handler.ts';
import { ListForecastsHandler } from './watch/list-forecasts.handler.ts';
import { RegistryRepository } from './watch/registry.repository.ts';
import { WatchLoop } from './watch/watch-loop.ts';

@Module({
  controllers: [
    GetSystemHealthHandler,
    GetHealthHistoryHandler,
    GetPublicStatusHandler,
    GetPublicStatusHistoryHandler,
    GetOverviewHandler,
    ListHealthChecksHandler,
    ReadMetricsHandler,
    ListForecastsHandler,
    ReadChecksHandler,
    RunCheckHandler,
    ChangeCheckHandler,
  ],
  providers: [
    PostgresCheck,
    RedisCheck,
    NatsCheck,
    {
      provide: SERVER_CHECKS,
      inject: [PostgresCheck, RedisCheck, NatsCheck],
      useFactory: (...checks: ServerCheck[]) => checks,
    },
    SmtpCheck,
    TwilioCheck,
    ModelCheck,
    SyntheticPartner,
    PartnerCallCheck,
    MeteredCallsCheck,
    ReconciliationCheck,
    IndexCheckRepository,
    IntegrityCheck,
    {
      provide: OUTER_CHECKS,
      inject: [
        IntegrityCheck,
        SmtpCheck,
        TwilioCheck,
        ModelCheck,
        PartnerCallCheck,
        MeteredCallsCheck,
        ReconciliationCheck,
      ],
      useFactory: (...checks: RunnableCheck[]) => checks,
    },
    GatewayHttpCheck,
    InstanceCheck,
    EventLogCheck,
    SessionsCheck,
    RegistryRepository,
    SymptomPublisher,
    HealthCheckRepository,
    HealthRecorder,
    RollupRepository,
    OtherServices,
    PublicDays,
    AnomalyWatch,
    MetricHistory,
    CheckRunner,
    CheckJudge,
    CheckChangeRepository,
    CheckSettingsRepository,
    WatchLoop,
    provideRedis('redis is away: monitor only reports that'),
  ],
})
export class MonitorModule {
  constructor(health: HealthRegistry, database: Database) {
    health.register(database);
  }

  /** The history of checks. Monitor works without it, and so is ready without it. */
  static persistence(url: string): DynamicModule {
    return PersistenceModule.forService({
      service: 'monitor',
      entities: [],
      migrations,
      url,
      poolSize: 4,
      critical: false,
      degraded: 'postgres is away: the history of checks waits in the queue',
    });
  }
}
