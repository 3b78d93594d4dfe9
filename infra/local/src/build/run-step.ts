import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { StepError } from '../terminal/progress.ts';

/**
 * Runs a script of this folder for the clone `root`, in a process of its own that gets `input` as JSON. Throws
 * StepError with `failure` and the script's output.
 */
export function runStep(script: string, root: string, failure: string, input: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, script), root];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['pipe', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      reject(new StepError(failure, errors.trim().split('\n').slice(0, 30)));
    });
    child.stdin.end(JSON.stringify(input));
  });
}
