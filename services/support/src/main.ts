import { startService } from '@gridworks/runtime';
import { supportConfig } from './support.config.ts';
import { SupportModule } from './support.module.ts';

await startService({
  service: 'support',
  module: SupportModule,
  config: supportConfig,
  imports: (config) => [SupportModule.persistence(config.DATABASE_URL)],
});
