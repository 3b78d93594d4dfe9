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

/** How far a process's start and what the state file says of it may lie apart, ms. */
const SAME_START_MS = 3_000;

/**
 * The processes of a supervisor that was killed: those that carry this clone's marker, and those that the last state
 * file names, when they started at the time it says (a pid is used again after a while).
 */
export function findLeftovers(marker: string, lastState: readonly ProcessEntry[]): number[] {
  const marked = processesWithVariable(MARKER_VARIABLE, marker);
  const remembered = lastState.flatMap(({ pid, started_at }) =>
    pid !== null && isRunning(pid) && isSame(pid, started_at) ? [pid] : [],
  );
  return [...new Set([...marked, ...remembered])].filter((pid) => pid !== process.pid);
}

/** By its start time; where the system does not tell (macOS), by its command. */
function isSame(pid: number, startedAt: string | null): boolean {
  const start = startTimeOf(pid);
  if (start !== null) return Math.abs(start - Date.parse(startedAt ?? '')) < SAME_START_MS;
  return /services\/[a-z]+\/dist\/src\/main\.js|nats-server|redis-server|mail-sink\.ts|\bpostgres\b/.test(
    commandOf(pid),
  );
}

/** Asks them to end, and kills after 3 s what did not. Answers those that are there even so (stuck, or another user's). */
export async function endLeftovers(pids: readonly number[]): Promise<number[]> {
  for (const pid of pids) {
    // PostgreSQL takes SIGTERM as "wait for all sessions"; SIGINT is its fast shutdown. A frozen one must wake to hear it.
    sendSignal(pid, /\bpostgres\b/.test(commandOf(pid)) ? 'SIGINT' : 'SIGTERM');
    sendSignal(pid, 'SIGCONT');
  }
  for (const deadline = Date.now() + 3_000; Date.now() < deadline; await sleep(50)) {
    if (!pids.some(isRunning)) return [];
  }
  await Promise.all(pids.filter(isRunning).map((pid) => killTree(pid)));
  return pids.filter(isRunning);
}
