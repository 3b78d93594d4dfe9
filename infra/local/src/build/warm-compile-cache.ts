import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Command } from '../supervise/process-spec.ts';

/**
 * The time limit for one service, so that a service that does not even refuse to start cannot block the
 * start, ms.
 */
const PATIENCE_MS = 20_000;

/**
 * Lets Node store the compiled code of each service before it is first needed. Node writes its compile cache
 * only at a clean end, which a killed service never has, and writing it while a service works would block the
 * service for a moment. So each service is loaded once without an environment: it loads all its code, refuses
 * to start, and ends cleanly. Does nothing without `NODE_COMPILE_CACHE`. Never throws: without the cache
 * everything works, but starts later.
 */
export async function warmCompileCache(
  commands: readonly Command[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const { PATH, NODE_COMPILE_CACHE } = env;
  if (!NODE_COMPILE_CACHE) return;
  const waiting = [...commands];
  const load = async () => {
    for (let command = waiting.shift(); command; command = waiting.shift()) {
      await loadOnce(command, { PATH, NODE_COMPILE_CACHE });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, load));
}

function loadOnce({ file, args, cwd }: Command, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd,
      env,
      stdio: 'ignore',
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
    });
    child.on('error', () => resolve());
    child.on('exit', () => resolve());
  });
}
