import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildAlone } from './build-lock.ts';
import { runStep } from './run-step.ts';

/**
 * Builds the console's pages when one of their sources has changed, in a process of its own: the build
 * detects changes by a hash, and keeps the files of the previous build. Waits while another process builds them.
 * Returns its last line; null when this copy of the repository has no console. Throws StepError with its output.
 */
export async function buildConsole(root: string): Promise<string | null> {
  const script = join(root, 'console', 'build.mjs');
  const build = () => runStep(['--conditions=source', script], root, 'the console does not build');
  return existsSync(script) ? buildAlone(root, 'console', build) : null;
}
