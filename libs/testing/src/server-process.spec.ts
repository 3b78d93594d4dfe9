import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { isAlive } from './process-tree.ts';

const here = dirname(fileURLToPath(import.meta.url));

describe('a server of a test', () => {
  it('ends with the test process, and its folder is removed, even when the test process is killed', async () => {
    const program = `
      const { ServerProcess } = await import(${JSON.stringify(join(here, 'server-process.ts'))});
      const server = await ServerProcess.start({
        name: 'sleeper',
        command: () => ({ file: '/bin/sh', args: ['-c', 'echo up; sleep 60 & wait'] }),
        isReady: (output) => output.includes('up'),
      });
      console.log(JSON.stringify({ pid: server.pid, directory: server.directory }));
      setInterval(() => {}, 1000);
    `;
    const parent = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '--no-warnings' },
    });
    const { pid, directory } = await new Promise<{ pid: number; directory: string }>((resolve) => {
      parent.stdout.once('data', (line: Buffer) => resolve(JSON.parse(line.toString())));
    });
    expect(isAlive(pid)).toBe(true);
    expect(existsSync(directory)).toBe(true);

    parent.kill('SIGKILL');

    for (let i = 0; (isAlive(pid) || existsSync(directory)) && i < 200; i++)
      await new Promise((resolve) => setTimeout(resolve, 25));
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(directory)).toBe(false);
  });
});
