import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../../local/src/settings/read-environment.ts';
import { UsageError } from './experiments/experiments.ts';
import { NotRunningError, RunningSystem } from './system/running-system.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const interrupted = new AbortController();

/** Progress, beside the output of a command. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);
export const print = (text: string): void => void process.stdout.write(`${text}\n`);
/** Aborted by Ctrl-C. */
export const { signal } = interrupted;

/** The portal that `npm start` runs from this clone. */
export const runningSystem = (): RunningSystem => new RunningSystem(readEnvironment(root));

/** A whole number given as an option. Throws UsageError. */
export function wholeNumber(option: string, given: string): number {
  if (!Number.isInteger(Number(given)))
    throw new UsageError('BAD_ARGUMENT', `--${option} must be a whole number, not ${given}`);
  return Number(given);
}

/** Runs a command of this project that says whether something held: exit status 0, or 1 when not, or 2 when it could not be run. */
export async function runCommand(help: string, main: () => Promise<boolean>): Promise<void> {
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort());
  try {
    process.exitCode = (await main()) ? 0 : 1;
  } catch (error) {
    const isUsage =
      error instanceof UsageError ||
      ((error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') ?? false);
    if (!isUsage && !(error instanceof NotRunningError) && !signal.aborted) throw error;
    say(signal.aborted ? 'interrupted' : (error as Error).message);
    if (isUsage) say(`\n${help}`);
    process.exitCode = 2;
  }
}
