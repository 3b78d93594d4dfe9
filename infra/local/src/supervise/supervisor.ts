import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { LogPolicy } from '../files/log-archives.ts';
import { Bookkeeping } from './bookkeeping.ts';
import { LIVENESS_OPTIONS, Liveness, type LivenessOptions, UNGUARDED_LIVENESS_OPTIONS } from './liveness.ts';
import { LogRotation } from './log-rotation.ts';
import type { ProcessSpec } from './process-spec.ts';
import type { ProcessState } from './process-state.ts';
import { type ProcessEntry, StateFile } from './state-file.ts';
import { CannotReplaceError, SupervisedProcess } from './supervised-process.ts';

export interface SupervisorOptions {
  /** Folder of the logs. */
  readonly logs: string;
  /** `.local/state.json`. */
  readonly state: string;
  readonly marker: string;
  /**
   * Creates the spec of another instance of a service; null when the service cannot have that many instances.
   */
  readonly instance: (service: string, number: number) => Promise<ProcessSpec | null>;
  /**
   * Creates the spec of another run that can work beside a process's present one and take its place; null when two cannot.
   */
  readonly replacement?: (present: ProcessSpec) => Promise<ProcessSpec | null>;
  /** Called on each change of a process's state, for the terminal. */
  readonly onState?: (process: SupervisedProcess, before: ProcessState) => void;
  /** Called when a process failed its liveness probes and is killed. */
  readonly onUnresponsive?: (process: SupervisedProcess) => void;
  /** Called with a failure of the supervisor itself, in a sentence without a full stop. */
  readonly onTrouble?: (text: string) => void;
  readonly liveness?: LivenessOptions;
  /** When logs are rotated, and how long their archives are kept. */
  readonly logPolicy?: LogPolicy | undefined;
}

/** The process, service or number of instances does not exist. */
export class NoSuchProcessError extends Error {
  override readonly name = 'NoSuchProcessError';
}

/** The service cannot have that many instances. */
export class CannotScaleError extends Error {
  override readonly name = 'CannotScaleError';
}

/** The time after a start in which a process need not respond to its liveness probe, ms. */
const START_GRACE_MS = 30_000;
/** The time limit for a replacement to become ready, ms. The slowest boot seen was 17 s. */
const REPLACEMENT_READY_MS = 20_000;

/** The file system of a folder; undefined when it is not there. */
const deviceOf = (folder: string): number | undefined => statSync(folder, { throwIfNoEntry: false })?.dev;

/** All processes of the portal: keeps them running, reports their states, ends them in order. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #processes = new Map<string, SupervisedProcess>();
  readonly #liveness: readonly Liveness[];
  readonly logRotation: LogRotation;
  readonly #states = new Map<string, ProcessState>();
  readonly #bookkeeping: Bookkeeping;
  readonly #stateFile: StateFile;
  #scaling: Promise<unknown> = Promise.resolve();
  #ending = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#bookkeeping = new Bookkeeping(options.onTrouble);
    this.#stateFile = new StateFile(options.state, this.#bookkeeping);
    this.#liveness = [false, true].map(
      (unguarded) =>
        new Liveness(
          () => this.#livenessTargets(unguarded),
          (name) => this.#restartUnresponsive(name),
          options.liveness ?? (unguarded ? UNGUARDED_LIVENESS_OPTIONS : LIVENESS_OPTIONS),
        ),
    );
    for (const each of this.#liveness) each.start();
    this.logRotation = new LogRotation({
      folder: options.logs,
      logs: () => this.list().map(({ log }) => log),
      bookkeeping: this.#bookkeeping,
      ...(options.logPolicy ? { policy: options.logPolicy } : {}),
    });
    this.logRotation.start();
  }

  /** Adds a process without starting it. Throws while everything is being ended. */
  add(spec: ProcessSpec): SupervisedProcess {
    if (this.#ending) throw new Error('everything is being ended');
    const added = new SupervisedProcess(spec, {
      log: join(this.#options.logs, `${spec.name}.log`),
      marker: this.#options.marker,
      onChange: (changed) => this.#changed(changed),
      bookkeeping: this.#bookkeeping,
    });
    this.#processes.set(spec.name, added);
    this.#writeState();
    return added;
  }

  list(): SupervisedProcess[] {
    return [...this.#processes.values()];
  }

  /** Throws NoSuchProcessError. */
  find(name: string): SupervisedProcess {
    const found = this.#processes.get(name);
    if (!found) throw new NoSuchProcessError(`there is no process ${name}`);
    return found;
  }

  /**
   * Starts or ends instances until the service has that many. Throws NoSuchProcessError or CannotScaleError.
   */
  scale(service: string, instances: number): Promise<SupervisedProcess[]> {
    const turn = this.#scaling.then(async () => {
      const present = this.#instancesOf(service);
      if (present.length === 0) throw new NoSuchProcessError(`there is no service ${service}`);
      // All specs are created before any process starts: a number that cannot be reached changes nothing.
      const wanted: ProcessSpec[] = [];
      for (let number = 2; number <= instances; number++) {
        if (this.#processes.has(`${service}-${number}`)) continue;
        const spec = await this.#options.instance(service, number);
        if (!spec) throw new CannotScaleError(`${service} cannot have ${instances} instances`);
        wanted.push(spec);
      }
      await Promise.all(wanted.map((spec) => this.add(spec).start()));
      await Promise.all(present.filter((_, index) => index >= instances).map((extra) => this.#remove(extra)));
      return this.#instancesOf(service);
    });
    this.#scaling = turn.catch(() => {});
    return turn;
  }

  /**
   * Starts a second run of a process, and ends the first when the second can work. Throws NoSuchProcessError, or
   * CannotReplaceError: then nothing has changed.
   */
  async replace(name: string): Promise<void> {
    const present = this.find(name);
    const next = await this.#options.replacement?.(present.spec);
    if (!next) throw new CannotReplaceError(`${name} cannot run twice beside each other`);
    await present.replace(next, REPLACEMENT_READY_MS);
  }

  /** Restarts processes that do not recover from a full disk, after the disk of this folder was full. */
  recoverFromFullDisk(folder: string): void {
    const device = deviceOf(folder);
    for (const { spec } of this.list())
      if (spec.stuckByFullDisk && deviceOf(spec.stuckByFullDisk) === device) this.#restart(spec.name);
  }

  /**
   * Ends all processes: highest stop rank first, one rank together. Each is asked first, and killed when it
   * does not end.
   */
  async stop(onEnded: (process: SupervisedProcess, ms: number) => void = () => {}): Promise<void> {
    this.#ending = true;
    for (const each of this.#liveness) each.stop();
    const ranks = [...new Set(this.list().map((each) => each.spec.stopRank))].sort((a, b) => b - a);
    for (const rank of ranks) {
      const group = this.list().filter((each) => each.spec.stopRank === rank);
      await Promise.all(
        group.map(async (each) => {
          const startedAt = Date.now();
          // A failure with one process must not keep the others running.
          await each.stop().catch(() => each.killNow().catch(() => {}));
          onEnded(each, Date.now() - startedAt);
        }),
      );
    }
    this.logRotation.stop();
    this.#stateFile.close();
  }

  /** SIGKILL to everything, at once. */
  async killAll(): Promise<void> {
    this.#ending = true;
    for (const each of this.#liveness) each.stop();
    this.logRotation.stop();
    this.#stateFile.close();
    await Promise.allSettled(this.list().map((each) => each.killNow()));
  }

  #instancesOf(service: string): SupervisedProcess[] {
    return this.list()
      .filter((each) => each.spec.service === service)
      .sort((a, b) => a.spec.name.localeCompare(b.spec.name, 'en', { numeric: true }));
  }

  async #remove(extra: SupervisedProcess): Promise<void> {
    await extra.stop();
    this.#processes.delete(extra.spec.name);
    this.#states.delete(extra.spec.name);
    this.#writeState();
  }

  /** A process that is still starting is not probed for a while: it may not listen yet. */
  #livenessTargets(unguarded: boolean) {
    return this.list().flatMap(({ spec, pid, state, startedAt }) => {
      if ((spec.unguarded ?? false) !== unguarded) return [];
      const due = state === 'running' || Date.now() - (startedAt ?? 0) > START_GRACE_MS;
      return spec.liveUrl && pid !== null && due ? [{ name: spec.name, url: spec.liveUrl, pid }] : [];
    });
  }

  #restartUnresponsive(name: string): void {
    const found = this.#processes.get(name);
    if (!found || this.#ending) return;
    this.#options.onUnresponsive?.(found);
    this.#restart(name);
  }

  #restart(name: string): void {
    const found = this.#processes.get(name);
    if (!found || this.#ending) return;
    found
      .restart()
      .catch((error: Error) => this.#options.onTrouble?.(`${name} could not be restarted: ${error.message}`));
  }

  #changed(changed: SupervisedProcess): void {
    const before = this.#states.get(changed.spec.name) ?? 'stopped';
    this.#states.set(changed.spec.name, changed.state);
    this.#writeState();
    if (before !== changed.state) this.#options.onState?.(changed, before);
  }

  #writeState(): void {
    const entries = this.list().map(
      ({ spec, pid, startedAt, restarts }): ProcessEntry => ({
        name: spec.name,
        kind: spec.kind,
        pid,
        ports: spec.ports,
        started_at: startedAt === null ? null : new Date(startedAt).toISOString(),
        restarts,
      }),
    );
    this.#stateFile.write(entries);
  }
}
