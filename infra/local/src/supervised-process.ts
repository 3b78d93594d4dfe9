import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff } from './backoff.ts';
import { CrashLoop } from './crash-loop.ts';
import { openLog } from './log-file.ts';
import type { ProcessSpec } from './process-spec.ts';
import { killLeftovers, killTree, processesWithVariable, sendSignal } from './process-tree.ts';

export type ProcessState = 'running' | 'starting' | 'stopped' | 'backing-off' | 'crash-loop';

/** How a process ended. */
export interface LastExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** RFC 3339. */
  readonly at: string;
}

export interface SupervisedProcessOptions {
  /** Its log; appended to. */
  readonly log: string;
  /** Value of GRIDWORKS_LOCAL in its environment, by which a later supervisor knows it again. */
  readonly marker: string;
  /** Called after each change of state, pid or count. Must not throw. */
  readonly onChange: (process: SupervisedProcess) => void;
}

export const markerVariable = 'GRIDWORKS_LOCAL';
/** Which process of the clone this is, or came from. */
const nameVariable = 'GRIDWORKS_PROCESS';

/**
 * Keeps one process running: starts it, starts it again when it ends (100 ms to 5 s later), and ends it. Commands
 * run one after another.
 */
export class SupervisedProcess {
  readonly spec: ProcessSpec;
  readonly log: string;
  state: ProcessState = 'stopped';
  pid: number | null = null;
  /** Start of the present or last run, ms since the epoch. */
  startedAt: number | null = null;
  restarts = 0;
  lastExit: LastExit | null = null;

  readonly #options: SupervisedProcessOptions;
  readonly #family: string;
  readonly #backoff = new Backoff();
  readonly #crashLoop = new CrashLoop();
  /** Whether it is meant to run. An exit is followed by a start only then. */
  #wanted = false;
  /** A command ends the process: its exit is no crash, and the command decides what comes next. */
  #commanded = false;
  #ended: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #commands: Promise<unknown> = Promise.resolve();
  #waiters: (() => void)[] = [];

  constructor(spec: ProcessSpec, options: SupervisedProcessOptions) {
    this.spec = spec;
    this.#family = `${options.marker}:${spec.name}`;
    this.log = options.log;
    this.#options = options;
  }

  /** Starts it unless it is meant to run already. */
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

  /** SIGKILL to the whole tree. It counts as an exit: a process that is meant to run comes back by itself. */
  kill(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.pid === null) return;
      const ended = this.#ended;
      await this.#killTree();
      await ended;
    });
  }

  /** Asks it to end, waits, kills what is left. It stays down until `start` or `restart`. */
  stop(): Promise<void> {
    this.#wanted = false;
    return this.#inTurn(async () => {
      this.#wanted = false;
      await this.#end(async () => {
        const { pid } = this;
        if (pid === null) return;
        sendSignal(pid, this.spec.stopSignal);
        const inTime = await Promise.race([
          this.#ended.then(() => true),
          sleep(this.spec.stopTimeoutMs, false, { ref: false }),
        ]);
        await (inTime ? killLeftovers(pid, this.#strays) : this.#killTree());
      });
      this.#become('stopped');
    });
  }

  /** Ends everything now, out of turn: somebody signalled a second time. */
  async killNow(): Promise<void> {
    this.#wanted = false;
    this.#commanded = true;
    clearTimeout(this.#retry);
    await this.#killTree();
  }

  /** Resolves once it runs; rejects when it is in a crash loop, was stopped, or `timeoutMs` has passed. */
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

  /** Children that outlived it, wherever they went. */
  readonly #strays = (): number[] => [
    ...processesWithVariable(nameVariable, this.#family),
    ...(this.spec.strays?.() ?? []),
  ];

  async #killTree(): Promise<void> {
    if (this.pid !== null) await killTree(this.pid, this.#strays);
  }

  #inTurn<T>(command: () => Promise<T>): Promise<T> {
    const turn = this.#commands.then(command);
    this.#commands = turn.catch(() => {});
    return turn;
  }

  /** Ends the present run by `how`, and leaves a pending retry behind. */
  async #end(how: () => Promise<unknown>): Promise<void> {
    clearTimeout(this.#retry);
    this.#commanded = true;
    try {
      await how();
      // A process stuck in the kernel does not end even so; then its successor has to live beside it.
      await Promise.race([this.#ended, sleep(5_000, undefined, { ref: false })]);
    } finally {
      this.#commanded = false;
    }
  }

  async #spawn(): Promise<void> {
    try {
      await this.spec.prepare?.();
      const { file, args, cwd, env, uid, gid } = this.spec.command();
      const log = openLog(this.log);
      const child = spawn(file, args, {
        cwd,
        env: { ...env, [markerVariable]: this.#options.marker, [nameVariable]: this.#family },
        uid,
        gid,
        // A group of its own: Ctrl-C in the terminal reaches the supervisor alone, which ends them in order.
        detached: true,
        stdio: ['ignore', log, log],
      });
      closeSync(log);
      this.#follow(child);
    } catch (error) {
      this.#failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #follow(child: ChildProcess): void {
    const startedAt = Date.now();
    this.pid = child.pid ?? null;
    this.startedAt = startedAt;
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => {
        if (child.pid !== undefined) return;
        resolve();
        this.#failed(error);
      });
      child.once('exit', (code, signal) => {
        this.pid = null;
        this.lastExit = { code, signal, at: new Date().toISOString() };
        resolve();
        if (!this.#commanded) this.#startAgainLater(Date.now() - startedAt, child.pid);
      });
    });
    this.#become('starting');
    if (child.pid !== undefined) void this.#awaitReady(child);
  }

  /** It could not even be started. */
  #failed(error: Error): void {
    const log = openLog(this.log);
    writeSync(log, `${this.spec.name} could not be started: ${error.message}\n`);
    closeSync(log);
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
    // What the dead one left behind (PostgreSQL's children, frozen perhaps) would stand in its successor's way.
    const cleared = leader === undefined ? null : killLeftovers(leader, this.#strays);
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
    for (let wait = 20; this.pid === child.pid; wait = Math.min(wait * 1.5, 250)) {
      try {
        await this.spec.probe(AbortSignal.timeout(1_000));
        if (this.pid === child.pid) this.#become('running');
        return;
      } catch {
        await sleep(wait, undefined, { ref: false });
      }
    }
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
