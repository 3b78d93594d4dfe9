import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf, isRunning, killTree, processesWithVariable, sendSignal } from './process-tree.ts';
import type { ProcessEntry } from './state-file.ts';
import { markerVariable } from './supervised-process.ts';

/**
 * The processes of a supervisor that was killed: those that carry this clone's marker and, where the system does not
 * tell environments (macOS), those of the last state file whose command is still a server's or a service's.
 */
export function findLeftovers(marker: string, lastState: readonly ProcessEntry[]): number[] {
  const marked = processesWithVariable(markerVariable, marker);
  const remembered =
    process.platform === 'linux'
      ? []
      : lastState.flatMap(({ pid }) =>
          pid !== null && isRunning(pid) && isOurs(commandOf(pid)) ? [pid] : [],
        );
  return [...new Set([...marked, ...remembered])].filter((pid) => pid !== process.pid);
}

const isOurs = (command: string) =>
  /services\/[a-z]+\/dist\/src\/main\.js|nats-server|redis-server|mail-sink\.ts|\bpostgres\b/.test(command);

/** Asks them to end, and kills after 3 s what did not. */
export async function endLeftovers(pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    // PostgreSQL takes SIGTERM as "wait for all sessions"; SIGINT is its fast shutdown. A frozen one must wake to hear it.
    sendSignal(pid, /\bpostgres\b/.test(commandOf(pid)) ? 'SIGINT' : 'SIGTERM');
    sendSignal(pid, 'SIGCONT');
  }
  for (const deadline = Date.now() + 3_000; Date.now() < deadline; await sleep(50)) {
    if (!pids.some(isRunning)) return;
  }
  await Promise.all(pids.filter(isRunning).map((pid) => killTree(pid)));
}
