import { ConfigError, loadConfig, startService } from '@gridworks/runtime';
import { createHealer } from './create-healer.ts';
import { healerConfig } from './healer.config.ts';
import { HealerModule } from './healer.module.ts';

const healer = healerFromEnvironment();
// The watchdog starts first: when NATS hangs, `startService` below would wait for it for ever.
healer?.watchdog.start();

await startService({
  service: 'healer',
  module: healer ? HealerModule.forHealer(healer) : HealerModule,
  config: healerConfig,
  imports: (config) => [HealerModule.persistence(config.DATABASE_URL)],
  setup: (_app, { onDrain }) => {
    healer?.start();
    onDrain('healing', () => healer?.stop());
  },
});

/** Null when the configuration is invalid: `startService` reports it and ends the process. */
function healerFromEnvironment() {
  try {
    return createHealer(loadConfig('healer', healerConfig));
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}
