import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLog } from '../files/log-file.ts';
import type { Bookkeeping } from './bookkeeping.ts';
import type { Command } from './process-spec.ts';

/**
 * Starts a command whose output goes straight into a log; `marks` are added to its environment. When the log
 * cannot be opened, the process starts anyway, and its output is lost until its next start.
 */
export function spawnLogged(
  command: Command,
  log: string,
  marks: Record<string, string>,
  bookkeeping: Bookkeeping,
): ChildProcess {
  const { file, args, cwd, env, uid, gid } = command;
  let opened: number | undefined;
  bookkeeping.attempt(log, () => {
    opened = openLog(log);
  });
  const output = opened ?? 'ignore';
  // Its files are for this user only; the child inherits this process's mask.
  const mask = process.umask(0o077);
  try {
    return spawn(file, args, {
      cwd,
      env: { ...env, ...marks },
      uid,
      gid,
      // A group of its own: Ctrl-C in the terminal reaches only the supervisor, which ends the processes in
      // order.
      detached: true,
      stdio: ['ignore', output, output],
    });
  } finally {
    process.umask(mask);
    if (opened !== undefined) closeSync(opened);
  }
}

/** The time limit of one probe, ms. */
const PROBE_TIMEOUT_MS = 1_000;
/** Pauses between probes, ms: short at first, since most are ready within a second. */
const PAUSES = { firstMs: 20, maxMs: 250, growth: 1.5 };

/** Probes until a probe succeeds (true) or the result is not needed any more (false). */
export async function untilReady(
  probe: (signal: AbortSignal) => Promise<void>,
  isWanted: () => boolean,
): Promise<boolean> {
  for (let pause = PAUSES.firstMs; isWanted(); pause = Math.min(pause * PAUSES.growth, PAUSES.maxMs)) {
    try {
      await probe(AbortSignal.timeout(PROBE_TIMEOUT_MS));
      return isWanted();
    } catch {
      await sleep(pause, undefined, { ref: false });
    }
  }
  return false;
}
