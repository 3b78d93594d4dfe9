import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from '../install/find-browser.ts';
import { SERVER_PROGRAMS } from '../install/find-servers.ts';
import { ensureServers, ServersMissingError } from '../install/install-servers.ts';

/** `npm test`: makes sure that the servers are installed, then runs Jest with all arguments. */
const root = join(import.meta.dirname, '..', '..', '..', '..');

try {
  const note = (text: string) => process.stderr.write(`  … ${text}\n`);
  const found = await ensureServers(['nats', 'redis'], note);
  for (const [server, source] of found) {
    const { program, variable } = SERVER_PROGRAMS[server];
    // Tests kill and freeze the servers by pid, which is not possible with containers.
    if (source.kind === 'docker')
      throw new ServersMissingError(`${program} is needed as a program, not in Docker`);
    process.env[variable] = source.file;
  }
  process.env.BROWSER_BIN = await ensureBrowser(note);
} catch (error) {
  if (!(error instanceof ServersMissingError)) throw error;
  process.stderr.write(`  ✗ ${error.message}\n`);
  process.exit(1);
}

const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const FLAGS = ['--experimental-vm-modules', '--no-warnings'];
const args = [...FLAGS, jest, '--config', join(root, 'jest.config.mjs'), ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 1)));
