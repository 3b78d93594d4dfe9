import { EXPERIMENTS, type Experiment } from '@gridworks/contracts';
import type { ProcessEntry } from '../../../local/src/supervise/state-file.ts';

export { EXPERIMENTS, type Experiment };

/** An invalid command line. `code` is stable, for scripts. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: 'UNKNOWN_EXPERIMENT' | 'UNKNOWN_TARGET' | 'WRONG_TARGET' | 'BAD_ARGUMENT' | 'NOT_RUNNING';

  constructor(code: UsageError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const DEFAULT_SERVICE = 'billing';
/** The gateway stores nothing in PostgreSQL. */
const WITHOUT_DATABASE = ['gateway'];
/** Services of which two processes can work beside each other for a moment. */
const REPLACEABLE = ['auth', 'billing', 'support'];

export function experimentNamed(name: string): Experiment {
  const found = EXPERIMENTS.find((one) => one.name === name);
  if (found) return found;
  const names = EXPERIMENTS.map((one) => one.name).join(', ');
  throw new UsageError('UNKNOWN_EXPERIMENT', `there is no experiment ${name}; there are ${names}`);
}

/**
 * The target process of an experiment, or null for the control run.
 * @throws UsageError when there is no such process or the experiment is not for it.
 */
export function targetOf(
  experiment: Experiment,
  wanted: string | undefined,
  processes: readonly ProcessEntry[],
): ProcessEntry | null {
  const allowed = targetsOf(experiment, processes);
  if (experiment.targets === 'nobody') {
    if (wanted !== undefined) throw new UsageError('WRONG_TARGET', 'the control run none has no target');
    return null;
  }
  const isForServices = ['services', 'replaceable', 'database-users'].includes(experiment.targets);
  const name = wanted ?? (isForServices ? DEFAULT_SERVICE : experiment.targets);
  const found = processes.find((entry) => entry.name === name);
  const choice = allowed.map((entry) => entry.name).join(', ');
  if (!found) {
    throw new UsageError(
      'UNKNOWN_TARGET',
      `no process is called ${name}; ${experiment.name} can be done to ${choice}`,
    );
  }
  if (!allowed.includes(found)) {
    throw new UsageError(
      'WRONG_TARGET',
      `${experiment.name} is not for ${name}; it can be done to ${choice}`,
    );
  }
  if (found.pid === null) throw new UsageError('NOT_RUNNING', `${name} is not running now`);
  return found;
}

/** Every process that can be the target of an experiment; none for the control run. */
export function targetsOf(experiment: Experiment, processes: readonly ProcessEntry[]): ProcessEntry[] {
  if (experiment.targets === 'nobody') return [];
  const services = processes.filter(({ kind }) => kind === 'service');
  if (experiment.targets === 'services') return services;
  if (experiment.targets === 'replaceable') {
    return services.filter(({ name }) => REPLACEABLE.includes(serviceOf(name)));
  }
  if (experiment.targets === 'database-users') {
    return services.filter(({ name }) => !WITHOUT_DATABASE.includes(serviceOf(name)));
  }
  return processes.filter(({ name }) => name === experiment.targets);
}

/** `billing-2` → `billing`, which is also the name of its role in PostgreSQL. */
export const serviceOf = (process: string): string => process.replace(/-\d+$/, '');
