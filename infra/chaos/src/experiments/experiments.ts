import type { ProcessEntry } from '../../../local/src/supervise/state-file.ts';

export interface Experiment {
  readonly name: string;
  readonly does: string;
  /** What it can be done to: any service, those with tables, one server, or nothing. */
  readonly targets: 'services' | 'database-users' | 'nats' | 'postgres' | 'redis' | 'nobody';
}

export const EXPERIMENTS: readonly Experiment[] = [
  {
    name: 'service-kill',
    does: 'kills a service with SIGKILL; the platform has to start it again',
    targets: 'services',
  },
  {
    name: 'service-freeze',
    does: 'stops a service with SIGSTOP: its sockets stay open and nothing answers',
    targets: 'services',
  },
  { name: 'nats-kill', does: 'kills the bus with SIGKILL', targets: 'nats' },
  {
    name: 'nats-freeze',
    does: 'stops the bus with SIGSTOP; nobody can be told of it over the bus',
    targets: 'nats',
  },
  { name: 'postgres-kill', does: 'kills PostgreSQL’s first process with SIGKILL', targets: 'postgres' },
  {
    name: 'postgres-freeze',
    does: 'stops PostgreSQL and all its children with SIGSTOP',
    targets: 'postgres',
  },
  { name: 'redis-kill', does: 'kills Redis with SIGKILL', targets: 'redis' },
  { name: 'redis-freeze', does: 'stops Redis with SIGSTOP', targets: 'redis' },
  {
    name: 'connections-cut',
    does: 'ends every database connection of one service (pg_terminate_backend) while the server stays up',
    targets: 'database-users',
  },
  { name: 'none', does: 'does nothing, to see that nothing is done: the control run', targets: 'nobody' },
];

/** A command line that cannot be carried out. `code` is stable, for scripts. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: 'UNKNOWN_EXPERIMENT' | 'UNKNOWN_TARGET' | 'WRONG_TARGET' | 'BAD_ARGUMENT' | 'NOT_RUNNING';

  constructor(code: UsageError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const DEFAULT_SERVICE = 'billing';
/** The gateway keeps nothing in PostgreSQL. */
const WITHOUT_DATABASE = ['gateway'];

export function experimentNamed(name: string): Experiment {
  const found = EXPERIMENTS.find((one) => one.name === name);
  if (found) return found;
  const names = EXPERIMENTS.map((one) => one.name).join(', ');
  throw new UsageError('UNKNOWN_EXPERIMENT', `there is no experiment ${name}; there are ${names}`);
}

/**
 * The process that an experiment is done to, or null for the control run.
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
  const isForServices = experiment.targets === 'services' || experiment.targets === 'database-users';
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

/** Every process that an experiment can be done to; none for the control run. */
export function targetsOf(experiment: Experiment, processes: readonly ProcessEntry[]): ProcessEntry[] {
  if (experiment.targets === 'nobody') return [];
  const services = processes.filter(({ kind }) => kind === 'service');
  if (experiment.targets === 'services') return services;
  if (experiment.targets === 'database-users') {
    return services.filter(({ name }) => !WITHOUT_DATABASE.includes(serviceOf(name)));
  }
  return processes.filter(({ name }) => name === experiment.targets);
}

/** `billing-2` → `billing`: also the name of its role in PostgreSQL. */
export const serviceOf = (process: string): string => process.replace(/-\d+$/, '');
