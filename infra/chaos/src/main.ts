import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../../local/src/settings/read-environment.ts';
import { SettingsError } from '../../local/src/settings/settings.ts';
import { NoSmallDiskError } from './disk/small-portal.ts';
import { describeReport } from './experiments/describe-report.ts';
import { EXPERIMENTS, UsageError } from './experiments/experiments.ts';
import { runExperiment } from './experiments/run-experiment.ts';
import { runSuite } from './experiments/run-suite.ts';
import { describeStorm } from './kill-storm/describe-storm.ts';
import { runKillStorm } from './kill-storm/run-kill-storm.ts';
import { describeNoise } from './noise/describe-noise.ts';
import { runNoise } from './noise/run-noise.ts';
import { type Command, HELP, parseArguments } from './parse-arguments.ts';
import { comparePools } from './pool-exhaustion/compare-pools.ts';
import { POOL_EXHAUSTION } from './pool-exhaustion/pool-exhaustion.ts';
import { NotRunningError, RunningSystem } from './system/running-system.ts';
import { UnhealthyError } from './system/wait-for-calm.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
/** 0: passed. 1: not healed, or a promise was broken. 2: the experiment could not be run. */
const EXIT = { passed: 0, failed: 1, notRun: 2, interrupted: 130 } as const;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

// Progress is written to stderr: stdout is for the result.
const say = (text: string) => process.stderr.write(`${text}\n`);
const print = (text: string) => process.stdout.write(`${text}\n`);

async function main(command: Command): Promise<number> {
  if (command.do === 'help') {
    print(HELP);
    return EXIT.passed;
  }
  if (command.do === 'list') {
    print(command.json ? JSON.stringify(EXPERIMENTS) : listText());
    return EXIT.passed;
  }
  const system = new RunningSystem(readEnvironment(root));
  const { signal } = interrupted;
  if (command.do === 'suite') {
    // A part of the suite makes no scorecard.
    const scorecard = command.only.length === 0 ? join(root, 'docs', 'SCORECARD.md') : undefined;
    const reports = await runSuite(system, { ...command, say, signal, scorecard });
    if (command.json) print(JSON.stringify(reports));
    const passed = reports.filter((report) => report.passed).length;
    say(`${passed} of ${reports.length} passed${scorecard ? '; see docs/SCORECARD.md' : ''}`);
    return passed === reports.length ? EXIT.passed : EXIT.failed;
  }
  if (command.do === 'kill-storm') {
    say(`seed ${command.seed}`);
    const report = await runKillStorm(system, { ...command, say, signal });
    print(command.json ? JSON.stringify(report) : describeStorm(report));
    return report.passed ? EXIT.passed : EXIT.failed;
  }
  if (command.do === 'noise') {
    say(`seed ${command.seed}`);
    const report = await runNoise(system, { ...command, say, signal });
    print(command.json ? JSON.stringify(report) : describeNoise(report));
    return report.passed ? EXIT.passed : EXIT.failed;
  }
  if (command.experiment.name === POOL_EXHAUSTION) {
    const lines = await comparePools(system, command.target ?? 'auth', say, signal);
    if (!command.json) print(`\n${lines.join('\n')}`);
  }
  const { report, picture } = await runExperiment(system, { ...command, say, signal });
  print(command.json ? JSON.stringify(report) : `\n${picture}\n\n${describeReport(report)}`);
  return report.passed ? EXIT.passed : EXIT.failed;
}

function listText(): string {
  const width = Math.max(...EXPERIMENTS.map(({ name }) => name.length));
  return EXPERIMENTS.map(({ name, does }) => `${name.padEnd(width)}  ${does}`).join('\n');
}

try {
  process.exitCode = await main(parseArguments(process.argv.slice(2)));
} catch (error) {
  if (interrupted.signal.aborted) {
    say('interrupted; what was stopped goes on');
    process.exitCode = EXIT.interrupted;
  } else if (
    error instanceof UsageError ||
    error instanceof NotRunningError ||
    error instanceof NoSmallDiskError ||
    error instanceof UnhealthyError
  ) {
    say(`${error.code}: ${error.message}`);
    if (error instanceof UsageError) say(`\n${HELP}`);
    process.exitCode = EXIT.notRun;
  } else if (error instanceof SettingsError) {
    say(`BAD_ENVIRONMENT: ${error.message}`);
    process.exitCode = EXIT.notRun;
  } else {
    throw error;
  }
}
