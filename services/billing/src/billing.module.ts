import { Database, PersistenceModule } from '@gridworks/persistence';
import { HealthRegistry } from '@gridworks/runtime';
import { type DynamicModule, Module } from '@nestjs/common';
import { migrations } from '../migrations/index.ts';
import { AccountEntity } from './accounts/account.entity.ts';
import { AccountRepository } from './accounts/account.repository.ts';
import { OpenAccountHandler } from './accounts/open-account.handler.ts';
import { ListPlansHandler } from './plans/list-plans.handler.ts';
import { GetUsageHandler } from './usage/get-usage.handler.ts';
import { RecordUsageHandler } from './usage/record-usage.handler.ts';
import { UsageRepository } from './usage/usage.repository.ts';

@Module({
  controllers: [ListPlansHandler, GetUsageHandler, RecordUsageHandler, OpenAccountHandler],
  providers: [AccountRepository, UsageRepository],
})
export class BillingModule {
  constructor(health: HealthRegistry, database: Database) {
    health.register(database);
  }

  /** The tables of this service. */
  static persistence(url: string): DynamicModule {
    return PersistenceModule.forService({ service: 'billing', migrations, entities: [AccountEntity], url });
  }
}
