import { setTimeout as sleep } from 'node:timers/promises';
import { MARKER_VARIABLE } from './process-family.ts';
import {
  commandOf,
  isRunning,
  killTree,
  processesWithVariable,
  sendSignal,
  startTimeOf,
} from './process-tree.ts';
import type { ProcessEntry } from './state-file.ts';

/** The maximum difference between a process's start and the state file's record of it, ms. */
const SAME_START_MS = 3_000;

/**
 * The processes of a supervisor that was killed: those with this clone's marker, and those that the last
 * state file names, when their start time matches (pids are reused after a while).
 */
export function findLeftovers(marker: string, lastState: readonly ProcessEntry[]): number[] {
  const marked = processesWithVariable(MARKER_VARIABLE, marker);
  const remembered = lastState.flatMap(({ pid, started_at }) =>
    pid !== null && isRunning(pid) && isSame(pid, started_at) ? [pid] : [],
  );
  return [...new Set([...marked, ...remembered])].filter((pid) => pid !== process.pid);
}

/** Compares start times; where the system does not provide them (macOS), the commands. */
function isSame(pid: number, startedAt: string | null): boolean {
  const start = startTimeOf(pid);
  if (start !== null) return Math.abs(start - Date.parse(startedAt ?? '')) < SAME_START_MS;
  return /services\/[a-z]+\/dist\/src\/main\.js|nats-server|redis-server|mail-sink\.ts|\bpostgres\b/.test(
    commandOf(pid),
  );
}

/**
 * Asks the processes to end, and after 3 s kills those that did not. Returns those that still exist (stuck,
 * or of another user).
 */
export async function endLeftovers(pids: readonly number[]): Promise<number[]> {
  for (const pid of pids) {
    // For PostgreSQL SIGTERM means "wait for all sessions"; SIGINT is its fast shutdown. A frozen process
    // must continue to receive the signal.
    sendSignal(pid, /\bpostgres\b/.test(commandOf(pid)) ? 'SIGINT' : 'SIGTERM');
    sendSignal(pid, 'SIGCONT');
  }
  for (const deadline = Date.now() + 3_000; Date.now() < deadline; await sleep(50)) {
    if (!pids.some(isRunning)) return [];
  }
  await Promise.all(pids.filter(isRunning).map((pid) => killTree(pid)));
  return pids.filter(isRunning);
}
