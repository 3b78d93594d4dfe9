import { startService } from '@gridworks/runtime';
import { monitorConfig } from './monitor.config.ts';
import { MonitorModule } from './monitor.module.ts';

await startService({
  service: 'monitor',
  module: MonitorModule,
  config: monitorConfig,
  imports: (config) => [MonitorModule.persistence(config.DATABASE_URL)],
});
