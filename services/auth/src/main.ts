import { startService } from '@gridworks/runtime';
import { authConfig } from './auth.config.ts';
import { AuthModule } from './auth.module.ts';

await startService({
  service: 'auth',
  module: AuthModule,
  config: authConfig,
  imports: (config) => [AuthModule.persistence(config.DATABASE_URL)],
});
