import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../../local/src/settings/read-environment.ts';
import { ATTACKS, attacksNamed } from './attacks/attacks.ts';
import { runAttacks } from './attacks/run-attacks.ts';
import { UsageError } from './experiments/experiments.ts';
import { NotRunningError, RunningSystem } from './system/running-system.ts';

const HELP = `npm run attack -- all | list | <attack> [--seed N] [--json]

Attacks the portal that npm start runs on this machine, and says whether it held. Each attack is bounded, goes to
loopback only, and ends by itself. Exit status: 0 held, 1 not held, 2 it could not be run.`;
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
const say = (text: string) => process.stderr.write(`${text}\n`);
const print = (text: string) => process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const name = positionals.join(' ');
  if (values.help || name === '') {
    print(HELP);
    return 0;
  }
  if (name === 'list') {
    print(ATTACKS.map((attack) => `${attack.name}: ${attack.does}`).join('\n'));
    return 0;
  }
  const attacks = attacksNamed(name);
  const system = new RunningSystem(readEnvironment(root));
  const seed = Number(values.seed);
  if (!Number.isInteger(seed))
    throw new UsageError('BAD_ARGUMENT', `--seed must be a whole number, not ${values.seed}`);
  const reports = await runAttacks(system, { attacks, seed, say, signal: interrupted.signal });
  const held = reports.filter((report) => report.held).length;
  print(values.json ? JSON.stringify(reports) : `${held} of ${reports.length} held`);
  return held === reports.length ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const known = error instanceof UsageError || error instanceof NotRunningError;
  if (
    !known &&
    (error as { code?: string }).code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION' &&
    !interrupted.signal.aborted
  )
    throw error;
  say(interrupted.signal.aborted ? 'interrupted' : (error as Error).message);
  if (!known) say(`\n${HELP}`);
  process.exitCode = 2;
}
