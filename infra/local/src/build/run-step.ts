import { spawn } from 'node:child_process';
import { StepError } from '../terminal/progress.ts';

const LINES_SHOWN = 30;

/**
 * Runs a step of the build by Node, in a process of its own in the folder `root`, which gets `input` as JSON. Returns the
 * last line of its output. Throws StepError with `failure` and the output.
 * @param args flags, the script and its arguments
 */
export function runStep(
  args: readonly string[],
  root: string,
  failure: string,
  input: unknown = null,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--no-warnings', ...args], { cwd: root });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    child.on('error', reject);
    child.on('close', (code) => {
      const lines = output.trim().split('\n');
      if (code === 0) resolve(lines.at(-1)?.trim() ?? '');
      else reject(new StepError(failure, lines.slice(-LINES_SHOWN)));
    });
    // A script that reads no input may have ended by now.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(input));
  });
}
