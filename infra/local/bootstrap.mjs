// The first program that runs: plain JavaScript, no dependency, any Node >= 20. It installs the npm packages
// when they are missing or do not match package-lock.json, then starts the command with the machine's own
// Node when that is new enough, else with the pinned Node 24 inside node_modules. Progress goes to stderr:
// stdout belongs to the command (`--json` prints only JSON there).
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseNode, LEAST_NODE, machineNode } from './choose-node.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const pinnedNode = join(root, 'node_modules', 'node', 'bin', 'node');

/**
 * The program of each root script, as arguments of the pinned Node; the rest of the command line is appended.
 */
const COMMANDS = {
  start: [
    ...['--expose-gc', '--max-semi-space-size=1', '--max-old-space-size=128'],
    'infra/local/src/commands/start.ts',
  ],
  test: ['infra/local/src/commands/run-tests.ts'],
  check: ['infra/local/src/commands/check.ts'],
  build: ['infra/local/src/commands/build-all.ts'],
  backup: ['infra/local/src/commands/backup.ts'],
  restore: ['infra/local/src/commands/restore.ts'],
  audit: ['infra/local/src/commands/audit.ts'],
  billing: ['infra/local/src/commands/billing.ts'],
  chaos: ['infra/chaos/src/main.ts'],
  attack: ['infra/chaos/src/attack-cli.ts'],
  matrix: ['infra/chaos/src/matrix-cli.ts'],
  bench: ['bench/src/main.ts'],
  pictures: ['console/test/take-pictures.ts'],
  walk: ['infra/local/test/walks/walk.ts'],
  classify: ['libs/resilience/src/classify-cli.ts'],
  format: ['node_modules/.bin/biome', 'check', '--write'],
};

const say = (text) => process.stderr.write(`${text}\n`);
const fail = (text) => {
  say(text);
  process.exit(1);
};

/** True when every package of the lock file is installed in its version (and no other package is). */
function inStep(folder) {
  const installed = readJson(join(folder, 'node_modules', '.package-lock.json'))?.packages;
  const wanted = readJson(join(folder, 'package-lock.json'))?.packages;
  if (!installed || !wanted) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || !path.includes('node_modules/')) continue;
    const found = installed[path];
    if (!found && (entry.optional || entry.devOptional || entry.peer)) continue;
    if (!found || found.version !== entry.version || Boolean(found.link) !== Boolean(entry.link))
      return false;
  }
  return Object.keys(installed).every((path) => !path.includes('node_modules/') || path in wanted);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Installs the packages of one folder when its lock file changed since the last time. */
function ensurePackages(folder, name) {
  const lock = join(folder, 'package-lock.json');
  const stampFile = join(folder, 'node_modules', '.installed-lock-sha256');
  const stamp = existsSync(lock)
    ? createHash('sha256').update(readFileSync(lock)).digest('hex')
    : 'no lock file';
  const installedStamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (installedStamp === stamp) return;
  if (inStep(folder)) return writeFileSync(stampFile, stamp);
  const startedAt = Date.now();
  const why = existsSync(join(folder, 'node_modules')) ? 'package-lock.json changed' : 'first time';
  say(`  … installing npm packages of ${name} (${why}; a minute or two)`);
  const done = npm(['ci'], folder);
  if (done.status !== 0) {
    say(done.stderr.trimEnd().split('\n').slice(-25).join('\n'));
    fail(
      `\n  ✗ npm could not install the packages of ${name}${done.error ? `: ${done.error.message}` : ''}.\n` +
        '    - no network or a proxy in between: `npm ping` shows it; start again when it succeeds\n' +
        '    - package.json and package-lock.json disagree: run `npm install --package-lock-only`, then start again\n' +
        '    - a half-written folder: delete node_modules, then start again',
    );
  }
  writeFileSync(stampFile, stamp);
  say(`  ✓ npm packages of ${name} installed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** Runs npm to its end: the npm that runs this script, when there is one. */
function npm(command, folder) {
  const cli = process.env.npm_execpath;
  const [file, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  const flags = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const env = { ...process.env, NODE_ENV: 'development', npm_config_workspace: undefined };
  return spawnSync(file, [...first, ...command, ...flags], {
    cwd: folder,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 2, 'pipe'],
  });
}

/** The Node that runs the command; `npm start` names it. */
function findNode(command) {
  const own = machineNode(root, process.execPath, process.env);
  const { take, why } = chooseNode(versionOf(own), versionOf(pinnedNode));
  if (take === null) {
    return fail(
      `  ✗ There is no suitable Node: ${why}, and node_modules contains no Node 24 that runs here (${process.platform} ${process.arch}).\n` +
        `    Install Node ${LEAST_NODE} or newer, or run \`npm rebuild node\` (its install script may have been skipped), and start again.`,
    );
  }
  if (command === 'start') say(`  · Node ${why}`);
  return take === 'own' ? own : pinnedNode;
}

/** `24.22.1`; '' when the Node does not run here. */
function versionOf(node) {
  if (node === process.execPath) return process.versions.node;
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().replace(/^v/, '') : '';
}

/** Runs the command to its end, passes signals on, and ends with the same status. */
function handOver(node, args) {
  const env = { ...process.env };
  env.PATH = [dirname(node), join(root, 'node_modules', '.bin'), env.PATH].filter(Boolean).join(delimiter);
  env.GRIDWORKS_PARENT_PID = String(process.pid);
  // The compiled code and stripped types of earlier runs: loading takes half the time, and the type stripper
  // stays out of memory. Jest compiles specs separately; the processes that specs start use the cache.
  env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'node-compile');
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(node, [...flags, ...args], { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`  ✗ ${node} did not start: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(
    `  ✗ Node ${process.versions.node} is too old: install Node 20 or newer (https://nodejs.org), then run it again.`,
  );
}
const [command = '', ...rest] = process.argv.slice(2);
const entry = COMMANDS[command];
if (!entry) fail(`usage: node infra/local/bootstrap.mjs ${Object.keys(COMMANDS).join('|')} [arguments]`);
ensurePackages(root, 'the workspace');
if (command === 'bench') ensurePackages(join(root, 'bench'), 'bench');
handOver(findNode(command), [...entry, ...(command === 'format' && rest.length === 0 ? ['.'] : rest)]);
