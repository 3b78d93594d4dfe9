import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from '../terminal/progress.ts';
import { buildAlone } from './build-lock.ts';

/**
 * Builds the console's pages when one of their sources has changed, in a process of its own: the build
 * detects changes by a hash, and keeps the files of the previous build. Waits while another process builds them.
 * Returns its last line; null when this copy of the repository has no console. Throws StepError with its output.
 */
export async function buildConsole(root: string): Promise<string | null> {
  const script = join(root, 'console', 'build.mjs');
  return existsSync(script) ? buildAlone(root, 'console', () => run(root, script)) : null;
}

function run(root: string, script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=source', '--no-warnings', script], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    child.on('error', reject);
    child.on('close', (code) => {
      const lines = output.trim().split('\n');
      if (code === 0) resolve(lines.at(-1)?.trim() ?? '');
      else reject(new StepError('the console does not build', lines.slice(-30)));
    });
  });
}
