import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** One row of the system's process table. */
export interface ProcessRow {
  readonly pid: number;
  readonly ppid: number;
  /** Process group; every child of the supervisor leads its own. */
  readonly group: number;
  /** Ended, but not yet waited for by its parent. */
  readonly zombie: boolean;
}

const linux = process.platform === 'linux';

/** Every process that this user can see. Costs a few milliseconds. */
export function listProcesses(): ProcessRow[] {
  return linux ? readdirSync('/proc').flatMap(readRow) : listWithPs();
}

function readRow(entry: string): ProcessRow[] {
  if (!/^\d+$/.test(entry)) return [];
  const stat = readProc(entry, 'stat');
  // The second field is the program's name in parentheses and may contain any character, even ')'.
  const [state, ppid, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (!state) return [];
  return [
    { pid: Number(entry), ppid: Number(ppid), group: Number(group), zombie: state === 'Z' || state === 'X' },
  ];
}

function listWithPs(): ProcessRow[] {
  const text = execFileSync('ps', ['-axo', 'pid=,ppid=,pgid=,stat='], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const [pid, ppid, group, stat] = line.trim().split(/\s+/);
    if (!pid || !stat) return [];
    return [{ pid: Number(pid), ppid: Number(ppid), group: Number(group), zombie: stat.startsWith('Z') }];
  });
}

/** '' when the process is gone or not readable for this user. */
function readProc(pid: number | string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** All descendants of a process, whatever group or session they moved to. */
export function descendantsOf(pid: number, rows: readonly ProcessRow[] = listProcesses()): number[] {
  const found: number[] = [];
  for (const queue = [pid]; queue.length > 0; ) {
    const parent = queue.shift();
    for (const row of rows) {
      if (row.ppid !== parent || found.includes(row.pid)) continue;
      found.push(row.pid);
      queue.push(row.pid);
    }
  }
  return found;
}

/** Whether the process exists and has not ended. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return !listProcesses().some((row) => row.pid === pid && row.zombie);
}

/** Processes whose working folder is `folder`. Only on Linux; elsewhere none. */
export function processesIn(folder: string): number[] {
  if (!linux) return [];
  return listProcesses()
    .filter((row) => !row.zombie && workingFolder(row.pid) === folder)
    .map((row) => row.pid);
}

function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

/** Processes with `name=value` in the environment they were started with. Only on Linux. */
export function processesWithVariable(name: string, value: string): number[] {
  if (!linux) return [];
  return listProcesses()
    .filter((row) => !row.zombie && readProc(row.pid, 'environ').split('\0').includes(`${name}=${value}`))
    .map((row) => row.pid);
}

/** The command line, its parts joined by a space; '' when the process is gone. */
export function commandOf(pid: number): string {
  if (linux) return readProc(pid, 'cmdline').replaceAll('\0', ' ').trim();
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Kernel ticks per second, the unit of start times on Linux; 100 on every usual kernel. */
const TICKS_PER_SECOND = 100;

/**
 * When a process started, ms since the epoch, accurate to about a second; null when it is gone or the system
 * does not provide the time.
 */
export function startTimeOf(pid: number): number | null {
  const stat = readProc(pid, 'stat');
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const bootedAt = Number(/^btime (\d+)$/m.exec(linux ? readFileSync('/proc/stat', 'utf8') : '')?.[1]);
  return Number.isNaN(ticks + bootedAt) ? null : (bootedAt + ticks / TICKS_PER_SECOND) * 1_000;
}

/**
 * A mark that distinguishes a run of a pid from every other run of it: on Linux boot and start in kernel
 * ticks, which do not depend on the clock; elsewhere the start as `ps` prints it. Null when the process is
 * gone.
 */
export function startMarkOf(pid: number): string | null {
  if (!linux) return startWithPs(pid);
  const stat = readProc(pid, 'stat');
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return ticks ? `${readProc('sys', 'kernel/random/boot_id').trim()}:${ticks}` : null;
}

function startWithPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

/** Sends a signal; false when the process does not exist any more. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/**
 * SIGKILL to a process and everything that came from it: descendants (PostgreSQL's children leave its group
 * and session), its group, and the strays. Works on frozen processes, too. Waits until they are gone; returns
 * the pids that are not (stuck in the kernel).
 */
export function killTree(pid: number, strays: () => number[] = () => []): Promise<number[]> {
  // The process is frozen first, so that it cannot start another child between the search and the kill.
  sendSignal(pid, 'SIGSTOP');
  return sweep([pid, ...descendantsOf(pid)], pid, strays);
}

/** SIGKILL to the rest of a process that has ended: its group (0: unknown), and the strays. */
export function killLeftovers(group: number, strays: () => number[] = () => []): Promise<number[]> {
  return sweep([], group, strays);
}

async function sweep(first: readonly number[], group: number, strays: () => number[]): Promise<number[]> {
  const targets = new Set(first);
  for (const deadline = Date.now() + 3_000; ; await sleep(10)) {
    const rows = listProcesses().filter((row) => !row.zombie);
    for (const row of rows) if (group > 0 && row.group === group) targets.add(row.pid);
    for (const stray of strays()) targets.add(stray);
    targets.delete(process.pid);
    const alive = [...targets].filter((target) => rows.some((row) => row.pid === target));
    if (alive.length === 0 || Date.now() > deadline) return alive;
    for (const target of alive) sendSignal(target, 'SIGKILL');
  }
}
