import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DiskRelief } from '../disk/disk-relief.ts';
import { DiskReserve } from '../files/disk-reserve.ts';
import type { Layout } from '../files/layout.ts';
import type { LogPolicy } from '../files/log-archives.ts';
import { makePrivate } from '../files/private-folders.ts';
import { removeDrafts } from '../files/write-file.ts';
import { PlatformPort } from '../platform/platform-port.ts';
import { Bookkeeping } from '../supervise/bookkeeping.ts';
import { endLeftovers, findLeftovers } from '../supervise/leftovers.ts';
import type { LivenessOptions } from '../supervise/liveness.ts';
import { takeLock, writeLockUrl } from '../supervise/lock.ts';
import type { ProcessSpec } from '../supervise/process-spec.ts';
import { readState, writeState } from '../supervise/state-file.ts';
import { Supervisor } from '../supervise/supervisor.ts';
import { type Progress, StepError } from '../terminal/progress.ts';
import { Terminal } from '../terminal/terminal.ts';
import { watchForEnding } from './ending.ts';
import { explain } from './explain.ts';
import { reportFaults } from './report-faults.ts';

/** The program that is supervised. The real one is `Portal`; tests supply small processes. */
export interface Program {
  readonly platformToken: string;
  /**
   * Starts everything; returns the text to print when all processes run, and the address of gateway HTTP.
   * Throws StepError.
   */
  start(supervisor: Supervisor): Promise<{ readonly summary: string; readonly url: string }>;
  instance(service: string, number: number): Promise<ProcessSpec | null>;
  /** See SupervisorOptions. */
  replacement?(present: ProcessSpec): Promise<ProcessSpec | null>;
}

export interface RunOptions {
  readonly layout: Layout;
  /**
   * Address of gateway HTTP, for another start that finds the lock taken; null when the start chooses a free
   * port.
   */
  readonly url: string | null;
  readonly progress: Progress;
  /** Called when the lock is taken and no process of an earlier run is left. */
  readonly prepare: () => Promise<Program>;
  readonly liveness?: LivenessOptions;
  readonly logPolicy?: LogPolicy;
}

/**
 * The time limit for an orderly end, ms: each rank has its own limits (10 s), so only a fault reaches this.
 */
const END_MS = 90_000;
/** The time after which the start has left nothing that is still needed, ms. */
const SETTLED_AFTER_MS = 5_000;
/** The time limit for killing, ms. */
const KILL_MS = 5_000;

/**
 * Runs the program until a signal ends it, then exits the process: 0 after draining, 1 when the start failed.
 * Throws AlreadyRunningError when the portal of this clone runs already.
 */
export async function runPortal(options: RunOptions): Promise<void> {
  const { layout, progress } = options;
  const release = takeLock(layout.lock, options.url);
  process.on('exit', release);
  const terminal = new Terminal(progress);
  const reserve = new DiskReserve({
    path: layout.reserve,
    report: (text) => terminal.trouble(text),
    onRoom: () => supervisor?.recoverFromFullDisk(layout.run),
  });
  let supervisor: Supervisor | undefined;
  let platformPort: PlatformPort | undefined;
  let ended: Promise<void> | undefined;
  let isUp = false;

  const endInOrder = async (): Promise<void> => {
    progress.stopSteps();
    terminal.fallSilent();
    reserve.stop();
    // An orderly end writes to the disk, too.
    rmSync(layout.reserve, { force: true });
    platformPort?.close();
    await supervisor?.stop(({ spec }, ms) => progress.line('·', spec.name, 'ended', ms));
    new Bookkeeping((text) => terminal.trouble(text)).attempt('the state file', () =>
      writeState(layout.state, []),
    );
  };
  const killEverything = async (): Promise<void> => {
    await Promise.race([supervisor?.killAll(), sleep(KILL_MS)]);
  };
  /** Ends all processes, once, in any case: a process that does not end in order is killed. */
  const stopAll = (): Promise<void> => {
    ended ??= Promise.race([endInOrder(), sleep(END_MS).then(killEverything)]).catch(killEverything);
    return ended;
  };
  const fail = async (error: unknown): Promise<never> => {
    await stopAll();
    // Printed last, so that it is not scrolled away.
    explain(error, progress, layout);
    process.exit(1);
  };
  const report = reportFaults((text) => terminal.trouble(text));
  const onFault = (error: unknown) => {
    if (isUp || ended) report(error);
    else void fail(error);
  };
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  watchForEnding(
    {
      drain: (reason) => {
        progress.say(`\n  ${reason}: ending everything in order (a second signal kills at once)`);
        void stopAll().then(() => process.exit(0));
      },
      killNow: () => {
        progress.say('  killing everything');
        void killEverything().finally(() => process.exit(1));
      },
    },
    Number(process.env.GRIDWORKS_PARENT_PID) || undefined,
  );

  try {
    await clearLeftovers(layout, progress);
    makePrivate(layout);
    const program = await options.prepare();
    supervisor = new Supervisor({
      logs: layout.logs,
      state: layout.state,
      marker: layout.marker,
      instance: (service, number) => program.instance(service, number),
      replacement: async (present) => (await program.replacement?.(present)) ?? null,
      onState: (changed, before) => terminal.changed(changed, before),
      onUnresponsive: (silent) => terminal.unresponsive(silent),
      onTrouble: (text) => terminal.trouble(text),
      liveness: options.liveness,
      logPolicy: options.logPolicy,
    });
    const relief = new DiskRelief(layout, supervisor.logRotation);
    platformPort = new PlatformPort(supervisor, program.platformToken, relief);
    await platformPort.listen(layout.socket);
    reserve.start();
    const { summary, url } = await program.start(supervisor);
    if (ended) return;
    new Bookkeeping((text) => terminal.trouble(text)).attempt('the lock', () =>
      writeLockUrl(layout.lock, url),
    );
    isUp = true;
    // Frees the garbage of the start: 40 MB that an idle process would keep for ever.
    setTimeout(() => globalThis.gc?.(), SETTLED_AFTER_MS).unref();
    progress.say(summary);
    terminal.reportFromNowOn();
  } catch (error) {
    // When the portal is ended during its start, steps fail; those failures are not reported.
    if (!ended) await fail(error);
  }
}

/** Processes that a killed supervisor left running are ended before anything starts. */
async function clearLeftovers(layout: Layout, progress: Progress): Promise<void> {
  const pids = findLeftovers(layout.marker, readState(layout.state));
  if (pids.length > 0) {
    await progress.step('leftovers', async (detail) => {
      detail(`${pids.length} processes of a supervisor that was killed, ended`);
      const alive = await endLeftovers(pids);
      if (alive.length === 0) return;
      throw new StepError(`${alive.length} processes of a supervisor that was killed could not be ended`, [
        `They would block new ones. End them yourself: kill -9 ${alive.join(' ')}`,
        'A process that still does not end belongs to another user or waits in the kernel: see `ps -o pid,user,stat,args`.',
      ]);
    });
  }
  for (const folder of [layout.local, layout.run, layout.mail, layout.logs]) removeDrafts(folder);
  writeState(layout.state, []);
}
