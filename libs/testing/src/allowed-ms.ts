import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';

const MOST = 10;

/** How many processes wait for each processor now: 1 on a quiet machine, at most 10. */
export function machineLoad(): number {
  const waiting = Math.max(loadavg()[0] ?? 0, runnable());
  return Math.min(MOST, Math.max(1, waiting / availableParallelism()));
}

/**
 * A bound in milliseconds for what a quiet machine does in `ms`: longer by as much as the machine is busy. For the upper bound of a
 * promise in time, such as "answers before its deadline", where a hang would last much longer. Call it after the work was done.
 */
export function allowedMs(ms: number): number {
  return ms * machineLoad();
}

/** Threads that run or could run now; 0 on a system without /proc. */
function runnable(): number {
  try {
    return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[3]?.split('/')[0]) || 0;
  } catch {
    return 0;
  }
}
