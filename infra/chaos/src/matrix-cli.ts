import { parseArgs } from 'node:util';
import { UsageError } from './experiments/experiments.ts';
import { type MatrixReport, runMatrix } from './matrix/run-matrix.ts';
import { print, runCommand, runningSystem, say, signal, wholeNumber } from './run-command.ts';

const HELP = `npm run matrix -- [--share 1] [--seed N] [--json]

Calls every route as every kind of caller, and with the ids of another partner in every place where a request names an
object, against the portal that npm start runs on this machine. It makes some partners and persons there. Exit status: 0
no leak, 1 a leak, 2 it could not be run.`;

await runCommand(HELP, async () => {
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
    return true;
  }
  const share = Number(values.share);
  if (!(share > 0 && share <= 1))
    throw new UsageError('BAD_ARGUMENT', `--share must be above 0 and at most 1, not ${values.share}`);
  const seed = wholeNumber('seed', values.seed);
  const system = runningSystem();
  system.assertUp();
  const report = await runMatrix(system, { share, seed, say, signal });
  print(values.json ? JSON.stringify(report) : describe(report));
  return report.leaks.length === 0;
});

function describe({ routes, callers, cells, reads, positions, foreign, leaks }: MatrixReport): string {
  return [
    ...leaks.map((leak) => `  ✗ ${leak}`),
    `${routes} routes × ${callers} callers: ${cells} requests; ${reads} reads; ${positions} places of ids: ${foreign} requests for what is another partner’s`,
    `${leaks.length} leaks`,
  ].join('\n');
}
