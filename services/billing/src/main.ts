import { startService } from '@gridworks/runtime';
import { billingConfig } from './billing.config.ts';
import { BillingModule } from './billing.module.ts';

await startService({
  service: 'billing',
  module: BillingModule,
  config: billingConfig,
  imports: (config) => [BillingModule.persistence(config.DATABASE_URL)],
});
