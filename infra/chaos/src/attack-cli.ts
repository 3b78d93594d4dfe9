import { parseArgs } from 'node:util';
import { ATTACKS, attacksNamed } from './attacks/attacks.ts';
import { runAttacks } from './attacks/run-attacks.ts';
import { print, runCommand, runningSystem, say, signal, wholeNumber } from './run-command.ts';

const HELP = `npm run attack -- all | list | <attack> [--seed N] [--json]

Attacks the portal that npm start runs on this machine, and says whether it held. Each attack is bounded, goes to
loopback only, and ends by itself. Exit status: 0 held, 1 not held, 2 it could not be run.`;

await runCommand(HELP, async () => {
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
    return true;
  }
  if (name === 'list') {
    print(ATTACKS.map((attack) => `${attack.name}: ${attack.does}`).join('\n'));
    return true;
  }
  const attacks = attacksNamed(name);
  const seed = wholeNumber('seed', values.seed);
  const reports = await runAttacks(runningSystem(), { attacks, seed, say, signal });
  const held = reports.filter((report) => report.held).length;
  print(values.json ? JSON.stringify(reports) : `${held} of ${reports.length} held`);
  return held === reports.length;
});
