import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { watchForEnding } from './ending.ts';
import { type Layout, layoutOf } from './layout.ts';
import { endLeftovers, findLeftovers } from './leftovers.ts';
import { AlreadyRunningError, takeLock } from './lock.ts';
import { PlatformPort } from './platform-port.ts';
import { Portal } from './portal.ts';
import { Progress, StepError } from './progress.ts';
import { ensureSecrets } from './secrets.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';
import { readState, writeState } from './state-file.ts';
import { renderSummary } from './summary.ts';
import { Supervisor } from './supervisor.ts';
import { Terminal } from './terminal.ts';
import { wipe } from './wipe.ts';

const usage = `usage: npm start [-- --fresh]
  --fresh   delete all data, logs and secrets in .local/ first
  PORT, MAIL_PORT, NATS_URL, DATABASE_URL, REDIS_URL, SMTP_URL: see .env.example`;

const root = join(import.meta.dirname, '..', '..', '..');
const progress = new Progress(process.stdout);

/** Prints what went wrong and what to do about it. */
function explain(error: unknown): void {
  if (error instanceof StepError) {
    progress.say(`\n  ✗ ${error.message}`);
    for (const line of error.advice) progress.say(`    ${line}`);
  } else if (error instanceof SettingsError) {
    progress.say(`  ✗ ${error.message}`);
  } else if (error instanceof AlreadyRunningError) {
    const { pid, started_at, url } = error.holder;
    progress.say(
      `  ✗ The portal of this clone runs already: ${url} (supervisor pid ${pid}, since ${started_at}).`,
    );
    progress.say(`    Its processes are in .local/state.json. To end it: kill ${pid}`);
  } else {
    progress.say(`\n  ✗ ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

function readArguments(): { fresh: boolean } {
  try {
    const { values } = parseArgs({
      options: { fresh: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    if (!values.help) return { fresh: values.fresh ?? false };
  } catch (error) {
    progress.say(`  ✗ ${error instanceof Error ? error.message : error}`);
    progress.say(usage);
    process.exit(1);
  }
  progress.say(usage);
  process.exit(0);
}

/** What a killed supervisor left running is ended before anything starts. */
async function clearLeftovers(layout: Layout): Promise<void> {
  const pids = findLeftovers(layout.marker, readState(layout.state));
  if (pids.length > 0) {
    await progress.step('leftovers', async (detail) => {
      detail(`ending ${pids.length} processes of a supervisor that was killed`);
      await endLeftovers(pids);
    });
  }
  writeState(layout.state, []);
}

async function run(settings: Settings, layout: Layout, fresh: boolean): Promise<void> {
  const startedAt = performance.now();
  const release = takeLock(layout.lock, `http://127.0.0.1:${settings.port}`);
  process.on('exit', release);
  const terminal = new Terminal(progress);
  let supervisor: Supervisor | undefined;
  let platformPort: PlatformPort | undefined;
  let ending = false;

  const end = async (status: number): Promise<never> => {
    platformPort?.close();
    await supervisor?.stop(({ spec }, ms) => progress.line('·', spec.name, 'ended', ms));
    writeState(layout.state, []);
    process.exit(status);
  };
  watchForEnding(
    {
      drain: (reason) => {
        ending = true;
        terminal.fallSilent();
        progress.say(`\n  ${reason}: ending everything in order (a second signal kills at once)`);
        void end(0);
      },
      killNow: () => {
        progress.say('  killing everything');
        void (supervisor?.killAll() ?? Promise.resolve()).then(() => process.exit(1));
      },
    },
    Number(process.env.GRIDWORKS_PARENT_PID) || undefined,
  );

  try {
    await clearLeftovers(layout);
    if (fresh) await progress.step('fresh', async () => wipe(layout));
    const secrets = ensureSecrets(layout.secrets);
    const portal = new Portal({ layout, settings, secrets, progress });
    supervisor = new Supervisor({
      logs: layout.logs,
      state: layout.state,
      marker: layout.marker,
      instance: (service, number) => portal.instance(service, number),
      onState: (changed, before) => terminal.changed(changed, before),
      onUnresponsive: (silent) => terminal.unresponsive(silent),
    });
    platformPort = new PlatformPort(supervisor, secrets.platform_token);
    await platformPort.listen(layout.socket);
    const { ports } = await portal.start(supervisor);
    if (ending) return;
    progress.say(renderSummary({ layout, settings, ports, ms: performance.now() - startedAt }));
    terminal.tellFromNowOn();
  } catch (error) {
    // Being ended in the middle of the start lets steps fail; that is no news.
    if (ending) return;
    ending = true;
    explain(error);
    await end(1);
  }
}

const { fresh } = readArguments();
if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
progress.say('GridWorks Partner Portal');
try {
  await run(readSettings(process.env), layoutOf(root), fresh);
} catch (error) {
  explain(error);
  process.exit(1);
}
