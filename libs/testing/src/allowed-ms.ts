import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';

const MOST = 10;

/** The number of processes per processor that want to run now: 1 on a quiet machine, at most 10. */
export function machineLoad(): number {
  const waiting = Math.max(loadavg()[0] ?? 0, runnable());
  return Math.min(MOST, Math.max(1, waiting / availableParallelism()));
}

/**
 * An upper bound in milliseconds for work that takes a quiet machine `ms`: longer on a busy machine, in
 * proportion to its load. For promises about time, such as "responds before its deadline", where a hang would
 * last much longer. Call the function after the work was done.
 */
export function allowedMs(ms: number): number {
  return ms * machineLoad();
}

/** Threads that run or are ready to run now; 0 on a system without /proc. */
function runnable(): number {
  try {
    return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[3]?.split('/')[0]) || 0;
  } catch {
    return 0;
  }
}
