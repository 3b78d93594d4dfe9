import { ConfigError, loadConfig, startService } from '@gridworks/runtime';
import { createHealer } from './create-healer.ts';
import { healerConfig } from './healer.config.ts';
import { HealerModule } from './healer.module.ts';

const healer = healerFromEnvironment();
// Before anything else: when NATS hangs, the start below would wait for it for ever.
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

/** Null when the environment is wrong: `startService` says what, and ends the process. */
function healerFromEnvironment() {
  try {
    return createHealer(loadConfig('healer', healerConfig));
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}
