import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isFree } from '../settings/free-port.ts';
import { commandOf } from '../supervise/process-tree.ts';
import { StepError } from '../terminal/progress.ts';

/** Throws StepError when a configured port is taken, with the pid of the owner where the system shows it. */
export async function requireFree(port: number, variable: string): Promise<void> {
  if (port === 0 || (await isFree(port))) return;
  const pid = listenerOf(port);
  const who = pid === null ? 'another program' : `pid ${pid} (${commandOf(pid).slice(0, 120)})`;
  throw new StepError(`port ${port} is taken by ${who}`, [
    `End that program${pid === null ? '' : ` (kill ${pid})`}, or choose another port: ${variable}=${port + 1} npm start`,
  ]);
}

/**
 * The pid that listens on a TCP port, from /proc; null on other systems, and when the process belongs to
 * another user.
 */
function listenerOf(port: number): number | null {
  const sockets = new Set(['tcp', 'tcp6'].flatMap((table) => listeningSockets(`/proc/net/${table}`, port)));
  if (sockets.size === 0) return null;
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (openSockets(pid).some((socket) => sockets.has(socket))) return Number(pid);
  }
  return null;
}

function listeningSockets(table: string, port: number): string[] {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  try {
    return readFileSync(table, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[1]?.endsWith(local) && columns[3] === '0A')
      .map((columns) => `socket:[${columns[9]}]`);
  } catch {
    return [];
  }
}

function openSockets(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return '';
      }
    });
  } catch {
    return [];
  }
}
