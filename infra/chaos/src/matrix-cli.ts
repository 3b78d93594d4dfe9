import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../../local/src/settings/read-environment.ts';
import { UsageError } from './experiments/experiments.ts';
import { runMatrix } from './matrix/run-matrix.ts';
import { NotRunningError, RunningSystem } from './system/running-system.ts';

const HELP = `npm run matrix -- [--share 1] [--seed N] [--json]

Calls every route as every kind of caller, and with the ids of another partner in every place where a request names an
object, against the portal that npm start runs on this machine. It makes some partners and persons there. Exit status: 0
no leak, 1 a leak, 2 it could not be run.`;
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
const say = (text: string) => process.stderr.write(`${text}\n`);
const print = (text: string) => process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      share: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    print(HELP);
    return 0;
  }
  const [share, seed] = [Number(values.share), Number(values.seed)];
  if (!(share > 0 && share <= 1))
    throw new UsageError('BAD_ARGUMENT', `--share must be above 0 and at most 1, not ${values.share}`);
  if (!Number.isInteger(seed))
    throw new UsageError('BAD_ARGUMENT', `--seed must be a whole number, not ${values.seed}`);
  const system = new RunningSystem(readEnvironment(root));
  system.assertUp();
  const report = await runMatrix(system, { share, seed, say, signal: interrupted.signal });
  const { routes, callers, cells, positions, foreign, leaks } = report;
  if (values.json) print(JSON.stringify(report));
  else
    print(
      [
        ...leaks.map((leak) => `  ✗ ${leak}`),
        `${routes} routes × ${callers} callers: ${cells} requests; ${positions} places of ids: ${foreign} requests for what is another partner’s`,
        `${leaks.length} leaks`,
      ].join('\n'),
    );
  return leaks.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const known = error instanceof UsageError || error instanceof NotRunningError;
  const isBadOption = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') ?? false;
  if (!known && !isBadOption && !interrupted.signal.aborted) throw error;
  say(interrupted.signal.aborted ? 'interrupted' : (error as Error).message);
  if (!known && isBadOption) say(`\n${HELP}`);
  process.exitCode = 2;
}
