import { readFileSync } from 'node:fs';
import { descendantsOf, sendSignal } from '../../../local/src/supervise/process-tree.ts';

/** A stopped process, with what tells it from a later one of the same pid. */
interface Frozen {
  readonly pid: number;
  readonly startedAt: string;
}

/** Stops whole process trees, and sees to it that what is still stopped in the end goes on. */
export class Freezer {
  readonly #frozen: Frozen[] = [];

  /** SIGSTOP to a process and all its descendants, also those in sessions of their own. */
  freeze(pid: number): void {
    // The first one first, so that it makes no more children; then until no running child is found.
    this.#stop(pid);
    for (let found = true; found; ) {
      found = false;
      for (const child of descendantsOf(pid)) {
        if (this.#frozen.some((one) => one.pid === child)) continue;
        this.#stop(child);
        found = true;
      }
    }
  }

  /** Whether this process was stopped by us and still is. */
  holds(pid: number): boolean {
    return this.#frozen.some((one) => one.pid === pid && isStillStopped(one));
  }

  /** SIGCONT to those that still exist. Returns how many were still stopped. */
  thaw(): number {
    const still = this.#frozen.splice(0).filter(isStillStopped);
    for (const { pid } of still.reverse()) sendSignal(pid, 'SIGCONT');
    return still.length;
  }

  #stop(pid: number): void {
    const startedAt = startOf(pid);
    if (startedAt !== '' && sendSignal(pid, 'SIGSTOP')) this.#frozen.push({ pid, startedAt });
  }
}

/** The fields of `/proc/<pid>/stat` after the name, which may hold anything; empty when there is none. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** Where the system has no /proc, the pid alone has to do. */
const startOf = (pid: number): string => (process.platform === 'linux' ? (statOf(pid)[19] ?? '') : `${pid}`);

const isStillStopped = ({ pid, startedAt }: Frozen): boolean => startedAt === startOf(pid) && isStopped(pid);

export const isStopped = (pid: number): boolean =>
  process.platform === 'linux' ? statOf(pid)[0] === 'T' : true;
