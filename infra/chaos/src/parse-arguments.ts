import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type Experiment, experimentNamed, UsageError } from './experiments/experiments.ts';

export type Command =
  | { readonly do: 'help'; readonly json: boolean }
  | { readonly do: 'list'; readonly json: boolean }
  | {
      readonly do: 'run';
      readonly experiment: Experiment;
      readonly target: string | undefined;
      readonly seconds: number;
      readonly json: boolean;
    }
  | {
      readonly do: 'suite';
      readonly repeat: number;
      readonly only: readonly string[];
      readonly seconds: number;
      readonly json: boolean;
    }
  | Drawn<'kill-storm'>
  | Drawn<'noise'>;

/** A run whose targets and times are drawn by its seed. */
interface Drawn<Do> {
  readonly do: Do;
  readonly seconds: number;
  readonly seed: number;
  readonly json: boolean;
}

export const HELP = `npm run chaos -- <experiment> [--target NAME] [--json]
npm run chaos -- none [--seconds 30]
npm run chaos -- suite [--repeat N] [--only NAME] [--seconds 300] [--json]
npm run chaos -- kill-storm [--seconds 480] [--seed N] [--json]
npm run chaos -- noise [--seconds 1800] [--seed N] [--json]
npm run chaos -- list`;

const CONTROL_SECONDS = 30;
const SUITE_CONTROL_SECONDS = 300;
/** By what is drawn at random. */
const DRAWN_SECONDS = { 'kill-storm': 480, noise: 1800 } as const;
const LARGEST_SEED = 2 ** 32 - 1;

/** Parses the command line. @throws UsageError when it is invalid. */
export function parseArguments(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  const [word, ...more] = positionals;
  const json = values.json ?? false;
  if (more.length > 0)
    throw new UsageError('BAD_ARGUMENT', `one thing at a time: ${more.join(' ')} is too much`);
  if (values.help || word === undefined || word === 'help') return { do: 'help', json };
  if (word === 'list') return { do: 'list', json };
  if (word === 'kill-storm' || word === 'noise') {
    if (values.target !== undefined)
      throw new UsageError('BAD_ARGUMENT', `the ${word} draws its targets by --seed`);
    return {
      do: word,
      seconds: count('--seconds', values.seconds, DRAWN_SECONDS[word], 5, 86_400),
      seed: count('--seed', values.seed, randomInt(LARGEST_SEED), 0, LARGEST_SEED),
      json,
    };
  }
  if (values.seed !== undefined)
    throw new UsageError('BAD_ARGUMENT', '--seed is for the kill-storm and the noise');
  if (word === 'suite') {
    if (values.target !== undefined)
      throw new UsageError('BAD_ARGUMENT', 'the suite chooses its targets itself');
    const only = values.only ?? [];
    for (const name of only) experimentNamed(name);
    return {
      do: 'suite',
      repeat: count('--repeat', values.repeat, 1, 1, 100),
      only,
      seconds: count('--seconds', values.seconds, SUITE_CONTROL_SECONDS, 5, 86_400),
      json,
    };
  }
  const experiment = experimentNamed(word);
  if (values.seconds !== undefined && experiment.name !== 'none') {
    throw new UsageError(
      'BAD_ARGUMENT',
      '--seconds is for the control run none; the others end when it is healed',
    );
  }
  const seconds = count('--seconds', values.seconds, CONTROL_SECONDS, 5, 86_400);
  return { do: 'run', experiment, target: values.target, seconds, json };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        target: { type: 'string' },
        json: { type: 'boolean' },
        seconds: { type: 'string' },
        repeat: { type: 'string' },
        seed: { type: 'string' },
        only: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError('BAD_ARGUMENT', (error as Error).message);
  }
}

function count(name: string, text: string | undefined, standard: number, min: number, max: number): number {
  if (text === undefined) return standard;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError('BAD_ARGUMENT', `${name} must be a whole number from ${min} to ${max}, not ${text}`);
}
