import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makePrivate } from '../files/private-folders.ts';
import { type Environment, readEnvironment } from '../settings/read-environment.ts';
import { ensureSecrets } from '../settings/secrets.ts';
import { Progress } from '../terminal/progress.ts';
import { steadyOutput } from '../terminal/terminal-output.ts';
import { explain } from './explain.ts';
import { Portal } from './portal.ts';
import { runPortal } from './run-portal.ts';
import { wipe } from './wipe.ts';

/** `npm start`: the whole portal, until Ctrl-C. */
const USAGE = `usage: npm start [-- --fresh]
  --fresh   delete all data, logs and secrets first (in .local/ or LOCAL_DIR)
  PORT, MAIL_PORT, LOCAL_DIR, NATS_URL, DATABASE_URL, REDIS_URL, SMTP_URL: see .env.example`;

const root = join(import.meta.dirname, '..', '..', '..', '..');
const progress = new Progress(steadyOutput());

function readArguments(): { fresh: boolean } {
  try {
    const { values } = parseArgs({
      options: { fresh: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    if (!values.help) return { fresh: values.fresh ?? false };
  } catch (error) {
    progress.say(`  ✗ ${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exit(1);
  }
  progress.say(USAGE);
  process.exit(0);
}

const startedAt = performance.now();
const { fresh } = readArguments();
progress.say('GridWorks Partner Portal');
let environment: Environment | undefined;
try {
  environment = readEnvironment(root);
  const { settings, layout } = environment;
  await runPortal({
    layout,
    progress,
    logPolicy: settings.logPolicy,
    url: settings.port === 0 ? null : `http://127.0.0.1:${settings.port}`,
    prepare: async () => {
      if (fresh) await progress.step('fresh', async () => wipe(layout));
      makePrivate(layout);
      return new Portal({ layout, settings, secrets: ensureSecrets(layout.secrets), progress, startedAt });
    },
  });
} catch (error) {
  explain(error, progress, environment?.layout);
  process.exit(1);
}
