import { readFileSync } from 'node:fs';
import { descendantsOf, sendSignal } from '../../../local/src/supervise/process-tree.ts';

/** A stopped process, with its start time, which distinguishes it from a later process of the same pid. */
interface Frozen {
  readonly pid: number;
  readonly startedAt: string;
}

/** Stops whole process trees, and makes sure that all of them continue in the end. */
export class Freezer {
  readonly #frozen: Frozen[] = [];

  /** SIGSTOP to a process and all its descendants, also those in sessions of their own. */
  freeze(pid: number): void {
    // The root is stopped first, so that it creates no more children; then its running descendants until none
    // is found.
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

  /** Whether this freezer stopped the process and it is still stopped. */
  holds(pid: number): boolean {
    return this.#frozen.some((one) => one.pid === pid && isStillStopped(one));
  }

  /** Sends SIGCONT to the stopped processes that still exist. Returns how many were still stopped. */
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

/**
 * The fields of `/proc/<pid>/stat` after the name, which may contain any character; empty when there is no
 * such process.
 */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** Without /proc only the pid identifies a process. */
const startOf = (pid: number): string => (process.platform === 'linux' ? (statOf(pid)[19] ?? '') : `${pid}`);

const isStillStopped = ({ pid, startedAt }: Frozen): boolean => startedAt === startOf(pid) && isStopped(pid);

export const isStopped = (pid: number): boolean =>
  process.platform === 'linux' ? statOf(pid)[0] === 'T' : true;
