import type { ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff } from './backoff.ts';
import type { Bookkeeping } from './bookkeeping.ts';
import { CrashLoop } from './crash-loop.ts';
import { ProcessFamily } from './process-family.ts';
import type { ProcessSpec } from './process-spec.ts';
import type { LastExit, ProcessState } from './process-state.ts';
import { sendSignal } from './process-tree.ts';
import { spawnLogged, untilReady } from './spawn-process.ts';

/** The process cannot be replaced; the message says why. Nothing has changed. */
export class CannotReplaceError extends Error {
  override readonly name = 'CannotReplaceError';
}

/** One run of the process. */
interface Run {
  readonly pid: number;
  readonly family: ProcessFamily;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

/** In the environment of a replacement: the process id of the run that it replaces, which goes into its pulses. */
const REPLACES_VARIABLE = 'REPLACES_PID';

export interface SupervisedProcessOptions {
  /** The path of its log, which is appended to. */
  readonly log: string;
  /** Value of GRIDWORKS_LOCAL in its environment, by which a later supervisor recognises it. */
  readonly marker: string;
  /** Called after each change of state, pid or count. Must not throw. */
  readonly onChange: (process: SupervisedProcess) => void;
  /** Used for records about the process. */
  readonly bookkeeping: Bookkeeping;
}

/**
 * Keeps one process running: starts it, starts it again when it ends (100 ms to 5 s later), and ends it.
 * Commands run one after another.
 */
export class SupervisedProcess {
  /** Of the run that counts: a replacement brings its own ports. */
  spec: ProcessSpec;
  readonly log: string;
  state: ProcessState = 'stopped';
  pid: number | null = null;
  /** Start of the current or last run, ms since the epoch. */
  startedAt: number | null = null;
  restarts = 0;
  lastExit: LastExit | null = null;

  readonly #options: SupervisedProcessOptions;
  #family: ProcessFamily;
  /** Runs beside the one that counts while it is being replaced: the next one, then the one before. */
  readonly #beside = new Set<Run>();
  #replacements = 0;
  readonly #backoff = new Backoff();
  readonly #crashLoop = new CrashLoop();
  /** Whether the process is meant to run. Only then an exit is followed by a start. */
  #wanted = false;
  /** A command ends the process: its exit is no crash, and the command decides what follows. */
  #commanded = false;
  #ended: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #commands: Promise<unknown> = Promise.resolve();
  #waiters: (() => void)[] = [];

  constructor(spec: ProcessSpec, options: SupervisedProcessOptions) {
    this.spec = spec;
    this.#family = new ProcessFamily(options.marker, spec.name, spec.strays);
    this.log = options.log;
    this.#options = options;
  }

  /** Starts the process unless it is meant to run already. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#wanted) return;
      this.#wanted = true;
      this.#forgetCrashes();
      await this.#spawn();
    });
  }

  /** SIGKILL to the whole tree, then a start at once. */
  restart(): Promise<void> {
    return this.#inTurn(async () => {
      const again = this.startedAt !== null;
      this.#wanted = true;
      this.#forgetCrashes();
      await this.#end(() => this.#killTree());
      if (again) this.restarts++;
      await this.#spawn();
    });
  }

  /** SIGKILL to the whole tree. It counts as an exit: a process that is meant to run is started again. */
  kill(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.pid === null) return;
      const ended = this.#ended;
      await this.#killTree();
      await ended;
    });
  }

  /**
   * Asks the process to end, waits, and kills what is left. The process stays down until `start` or
   * `restart`.
   */
  stop(): Promise<void> {
    this.#wanted = false;
    return this.#inTurn(async () => {
      this.#wanted = false;
      await this.#end(async () => {
        const { pid } = this;
        if (pid !== null) await this.#endGently({ pid, family: this.#family, ended: this.#ended }, this.spec);
      });
      this.#become('stopped');
    });
  }

  /**
   * Starts a second run by `next` beside the present one, and when it can work asks the present one to end, which finishes
   * its work first. Resolves when that has ended. Rejects with CannotReplaceError, and nothing has changed, when the
   * process does not run or the second run is not ready within `timeoutMs`.
   */
  replace(next: ProcessSpec, timeoutMs: number): Promise<void> {
    return this.#inTurn(async () => {
      const { pid, spec } = this;
      if (pid === null || this.state !== 'running') throw new CannotReplaceError(`${spec.name} does not run`);
      const successor = await this.#startBeside(next, pid, timeoutMs);
      const predecessor: Run = { pid, family: this.#family, ended: this.#ended };
      const isGone = this.pid !== pid;
      clearTimeout(this.#retry);
      this.#beside.delete(successor);
      this.spec = next;
      this.#family = successor.family;
      this.#forgetCrashes();
      this.#adopt(successor.child, successor.startedAt);
      this.#become('running');
      if (isGone) return;
      this.#beside.add(predecessor);
      await this.#endGently(predecessor, spec).finally(() => this.#beside.delete(predecessor));
    });
  }

  /** Ends everything now, without waiting for running commands: after a second signal. */
  async killNow(): Promise<void> {
    this.#wanted = false;
    this.#commanded = true;
    clearTimeout(this.#retry);
    await Promise.all([this.#killTree(), ...[...this.#beside].map(({ pid, family }) => family.kill(pid))]);
  }

  /**
   * Resolves once the process runs; rejects when it is in a crash loop, was stopped, or `timeoutMs` has
   * passed.
   */
  async whenRunning(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (this.state !== 'running') {
      if (this.state === 'crash-loop') throw new Error('it keeps exiting');
      if (!this.#wanted) throw new Error('it was stopped');
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`it is not ready after ${timeoutMs / 1000} s`);
      const timer = new AbortController();
      const changed = new Promise<void>((resolve) => this.#waiters.push(resolve));
      await Promise.race([changed, sleep(left, undefined, { signal: timer.signal }).catch(() => {})]);
      timer.abort();
    }
  }

  async #killTree(): Promise<void> {
    if (this.pid !== null) await this.#family.kill(this.pid);
  }

  #inTurn<T>(command: () => Promise<T>): Promise<T> {
    const turn = this.#commands.then(command);
    this.#commands = turn.catch(() => {});
    return turn;
  }

  /** Ends the current run by `how`, and cancels a pending retry. */
  async #end(how: () => Promise<unknown>): Promise<void> {
    clearTimeout(this.#retry);
    this.#commanded = true;
    try {
      await how();
      // A process stuck in the kernel does not end even so; then its successor runs beside it.
      await Promise.race([this.#ended, sleep(5_000, undefined, { ref: false })]);
    } finally {
      this.#commanded = false;
    }
  }

  /** Asks a run to end, waits, and kills what is left. */
  async #endGently({ pid, family, ended }: Run, { stopSignal, stopTimeoutMs }: ProcessSpec): Promise<void> {
    sendSignal(pid, stopSignal);
    const inTime = await Promise.race([ended.then(() => true), sleep(stopTimeoutMs, false, { ref: false })]);
    await (inTime ? family.killLeftovers(pid) : family.kill(pid));
  }

  /** Starts a run beside the one with `pid`, and waits until it can work. Kills it and rejects when it cannot. */
  async #startBeside(next: ProcessSpec, pid: number, timeoutMs: number) {
    const { name } = next;
    const { marker, bookkeeping } = this.#options;
    // A family of its own: the end of one run must not take the other along.
    const family = new ProcessFamily(marker, `${name}+${++this.#replacements}`, next.strays);
    const startedAt = Date.now();
    const marks = { ...family.marks, [REPLACES_VARIABLE]: String(pid) };
    const child = spawnLogged(next.command(), this.log, marks, bookkeeping);
    let isAlive = child.pid !== undefined;
    const ended = new Promise<void>((resolve) => {
      const end = () => {
        isAlive = false;
        resolve();
      };
      child.once('error', end);
      child.once('exit', end);
    });
    if (child.pid === undefined)
      throw new CannotReplaceError(`the replacement of ${name} could not be started`);
    const run = { pid: child.pid, family, ended, child, startedAt };
    this.#beside.add(run);
    const deadline = startedAt + timeoutMs;
    const isReady = await untilReady(next.probe, () => isAlive && this.#wanted && Date.now() < deadline);
    if (isReady && this.#wanted) return run;
    await family.kill(run.pid);
    this.#beside.delete(run);
    const why = isAlive
      ? this.#wanted
        ? `was not ready within ${timeoutMs / 1000} s`
        : 'is not wanted any more'
      : 'ended at once';
    throw new CannotReplaceError(`the replacement of ${name} ${why}`);
  }

  async #spawn(): Promise<void> {
    // From here on the process is starting: the state of the last run must not be reported for this one.
    this.startedAt = Date.now();
    this.#become('starting');
    try {
      await this.spec.prepare?.();
      const { bookkeeping } = this.#options;
      this.#follow(spawnLogged(this.spec.command(), this.log, this.#family.marks, bookkeeping));
    } catch (error) {
      this.#failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #follow(child: ChildProcess): void {
    this.#adopt(child, Date.now());
    this.#become('starting');
    if (child.pid !== undefined) void this.#awaitReady(child);
  }

  /** From here on this is the run that counts. */
  #adopt(child: ChildProcess, startedAt: number): void {
    this.pid = child.pid ?? null;
    this.startedAt = startedAt;
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => {
        if (child.pid !== undefined) return;
        resolve();
        this.#failed(error);
      });
      child.once('exit', (code, signal) => {
        resolve();
        // A process that was stuck in the kernel may end long after its successor has started.
        if (this.pid !== child.pid) return;
        this.pid = null;
        this.lastExit = { code, signal, at: new Date().toISOString() };
        if (this.#commanded) this.#options.onChange(this);
        else this.#startAgainLater(Date.now() - startedAt, child.pid);
      });
    });
  }

  /** The process could not be started. */
  #failed(error: Error): void {
    const line = `${this.spec.name} could not be started: ${error.message}\n`;
    this.#options.bookkeeping.attempt(this.log, () => appendFileSync(this.log, line));
    this.pid = null;
    this.lastExit = { code: null, signal: null, at: new Date().toISOString() };
    this.#startAgainLater(0);
  }

  #startAgainLater(ranMs: number, leader?: number): void {
    if (!this.#wanted) {
      this.#become('stopped');
      return;
    }
    const looping = this.#crashLoop.record(Date.now());
    const wait = this.#backoff.next(ranMs);
    // Descendants of the dead process (PostgreSQL's children, perhaps frozen) would block its successor.
    // Where they cannot be found, the start is tried anyway.
    const cleared = leader === undefined ? null : this.#family.killLeftovers(leader).catch(() => {});
    this.#retry = setTimeout(() => {
      void this.#inTurn(async () => {
        if (!this.#wanted || this.pid !== null) return;
        await cleared;
        this.restarts++;
        await this.#spawn();
      });
    }, wait);
    this.#become(looping ? 'crash-loop' : 'backing-off');
  }

  async #awaitReady(child: ChildProcess): Promise<void> {
    const isThisRun = () => this.pid === child.pid;
    if (await untilReady(this.spec.probe, isThisRun)) this.#become('running');
  }

  #forgetCrashes(): void {
    this.#backoff.reset();
    this.#crashLoop.reset();
  }

  #become(state: ProcessState): void {
    this.state = state;
    this.#options.onChange(this);
    for (const wake of this.#waiters.splice(0)) wake();
  }
}
