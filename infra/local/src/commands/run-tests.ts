import { execFileSync, spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from '../install/find-browser.ts';
import { SERVER_PROGRAMS } from '../install/find-servers.ts';
import { ensureServers, ServersMissingError } from '../install/install-servers.ts';
import { sampleSuites } from './sample-suites.ts';
import { SAMPLE_S, SAMPLED_SUITES } from './slow-suites.ts';

/**
 * `npm test`: makes sure that the servers are installed, then runs Jest with all arguments. Without arguments that
 * choose suites it runs the quick ones and a sample of the slow ones: `--sample=SEED` chooses the same sample again,
 * and `--all` (`npm run test:all`) runs every suite.
 */
const root = join(import.meta.dirname, '..', '..', '..', '..');
const note = (text: string) => process.stderr.write(`  … ${text}\n`);

try {
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

const SAMPLE = '--sample=';
const asked = process.argv.slice(2);
const passed = asked.filter((arg) => arg !== '--all' && !arg.startsWith(SAMPLE));
const choosesSuites = passed.some((arg) => /^(?!-)|^(-t|--testNamePattern)/.test(arg));
const suites = asked.includes('--all') || choosesSuites ? [] : ['--runTestsByPath', ...sampled()];

/** The suites of a run of this commit, or of the seed that was given. */
function sampled(): readonly string[] {
  const seed = asked.find((arg) => arg.startsWith(SAMPLE))?.slice(SAMPLE.length) || commit();
  const all = globSync('{libs,services,infra,sdks,console}/**/*.{spec,e2e-spec}.{ts,tsx}', {
    cwd: root,
    exclude: (path) => /(^|\/)(node_modules|dist)$/.test(path),
  });
  const { taken, left } = sampleSuites(all, SAMPLED_SUITES, seed, SAMPLE_S);
  note(
    `${taken.length} of ${all.length} suites: the quick ones, and a sample of the slow ones by seed ${seed}`,
  );
  note(`\`npm run test:all\` runs all, \`npm test -- ${SAMPLE}${seed}\` the same sample again`);
  if (left.length > 0) note(`left out: ${left.join(' ')}`);
  return taken;
}

/** The checked-out commit; without Git the date, since the sample should change with the code. */
function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return new Date().toISOString().slice(0, 10);
  }
}

const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const FLAGS = ['--experimental-vm-modules', '--no-warnings'];
const args = [...FLAGS, jest, '--config', join(root, 'jest.config.mjs'), ...passed, ...suites];
const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 1)));
