import { readdirSync, readFileSync } from 'node:fs';
import { descendantsOf } from '../../../infra/local/src/supervise/process-tree.ts';

/** What a process, and its descendants if wanted, have used until now. */
export interface ProcessUse {
  /** Processor time since their start, seconds, of descendants that have ended as well. */
  readonly cpuSeconds: number;
  /** How often the threads of each process have given up the processor to wait, by pid: each is a wake-up later. */
  readonly waits: ReadonlyMap<number, number>;
  /** Proportional set size: a page that several processes share is counted once. */
  readonly pssBytes: number;
}

/** Kernel ticks per second, the unit of processor time in `/proc`; 100 on every usual kernel. */
const TICKS_PER_SECOND = 100;

/** Reads `/proc`, so only on Linux. A process that is gone counts as nothing. `descendants`: as well as those. */
export function readUse(pid: number, { descendants }: { descendants: boolean }): ProcessUse {
  const all = descendants ? [pid, ...descendantsOf(pid)] : [pid];
  const sum = (read: (pid: number) => number) => all.reduce((total, one) => total + read(one), 0);
  return {
    cpuSeconds: (sum(ownTicks) + (descendants ? endedTicks(pid) : 0)) / TICKS_PER_SECOND,
    waits: new Map(all.map((one) => [one, waitsOf(one)])),
    pssBytes: sum((one) => field(`/proc/${one}/smaps_rollup`, /^Pss:\s+(\d+)/m)) * 1024,
  };
}

/** User and system time of the process itself, in ticks. */
const ownTicks = (pid: number): number => stat(pid, 11) + stat(pid, 12);

/** The same of children that it has waited for: PostgreSQL starts and ends some all the time. */
const endedTicks = (pid: number): number => stat(pid, 13) + stat(pid, 14);

function stat(pid: number, at: number): number {
  const text = read(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses and may contain any character, even ')'.
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[at] ?? 0);
}

function waitsOf(pid: number): number {
  let threads: string[] = [];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    // it has ended
  }
  return threads.reduce(
    (total, thread) =>
      total + field(`/proc/${pid}/task/${thread}/status`, /^voluntary_ctxt_switches:\s+(\d+)/m),
    0,
  );
}

const field = (path: string, pattern: RegExp): number => Number(pattern.exec(read(path))?.[1] ?? 0);

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
