import { watchForEnding } from './ending.ts';
import { explain } from './explain.ts';
import type { Layout } from './layout.ts';
import { endLeftovers, findLeftovers } from './leftovers.ts';
import type { LivenessOptions } from './liveness.ts';
import { takeLock } from './lock.ts';
import { PlatformPort } from './platform-port.ts';
import type { ProcessSpec } from './process-spec.ts';
import type { Progress } from './progress.ts';
import { readState, writeState } from './state-file.ts';
import { Supervisor } from './supervisor.ts';
import { Terminal } from './terminal.ts';

/** What is run under supervision. The real one is `Portal`; tests bring small processes of their own. */
export interface Program {
  readonly platformToken: string;
  /** Starts everything; answers what to print when all is up. Throws StepError. */
  start(supervisor: Supervisor): Promise<string>;
  instance(service: string, number: number): Promise<ProcessSpec | null>;
}

export interface RunOptions {
  readonly layout: Layout;
  /** Address of the door, for whoever finds the lock taken. */
  readonly url: string;
  readonly progress: Progress;
  /** Called when the lock is taken and nothing of an earlier run is left. */
  readonly prepare: () => Promise<Program>;
  readonly liveness?: LivenessOptions;
}

/**
 * Runs the program until a signal ends it, then exits the process: 0 after draining, 1 when the start failed.
 * Throws AlreadyRunningError when this clone is being run already.
 */
export async function runPortal(options: RunOptions): Promise<void> {
  const { layout, progress } = options;
  const release = takeLock(layout.lock, options.url);
  process.on('exit', release);
  const terminal = new Terminal(progress);
  let supervisor: Supervisor | undefined;
  let platformPort: PlatformPort | undefined;
  let ending = false;

  const stopAll = async (): Promise<void> => {
    ending = true;
    progress.stopSteps();
    terminal.fallSilent();
    platformPort?.close();
    await supervisor?.stop(({ spec }, ms) => progress.line('·', spec.name, 'ended', ms));
    writeState(layout.state, []);
  };
  const fail = async (error: unknown): Promise<never> => {
    await stopAll();
    // Last, so that it is not scrolled away.
    explain(error, progress, layout);
    process.exit(1);
  };
  // A fault of the supervisor's own must not leave its processes behind.
  process.on('uncaughtException', (error) => void (ending || fail(error)));
  watchForEnding(
    {
      drain: (reason) => {
        progress.say(`\n  ${reason}: ending everything in order (a second signal kills at once)`);
        void stopAll().then(() => process.exit(0));
      },
      killNow: () => {
        progress.say('  killing everything');
        void (supervisor?.killAll() ?? Promise.resolve()).then(() => process.exit(1));
      },
    },
    Number(process.env.GRIDWORKS_PARENT_PID) || undefined,
  );

  try {
    await clearLeftovers(layout, progress);
    const program = await options.prepare();
    supervisor = new Supervisor({
      logs: layout.logs,
      state: layout.state,
      marker: layout.marker,
      instance: (service, number) => program.instance(service, number),
      onState: (changed, before) => terminal.changed(changed, before),
      onUnresponsive: (silent) => terminal.unresponsive(silent),
      liveness: options.liveness,
    });
    platformPort = new PlatformPort(supervisor, program.platformToken);
    await platformPort.listen(layout.socket);
    const summary = await program.start(supervisor);
    if (ending) return;
    progress.say(summary);
    terminal.tellFromNowOn();
  } catch (error) {
    // Being ended in the middle of the start lets steps fail; that is no news.
    if (!ending) await fail(error);
  }
}

/** What a killed supervisor left running is ended before anything starts. */
async function clearLeftovers(layout: Layout, progress: Progress): Promise<void> {
  const pids = findLeftovers(layout.marker, readState(layout.state));
  if (pids.length > 0) {
    await progress.step('leftovers', async (detail) => {
      detail(`${pids.length} processes of a supervisor that was killed, ended`);
      await endLeftovers(pids);
    });
  }
  writeState(layout.state, []);
}
