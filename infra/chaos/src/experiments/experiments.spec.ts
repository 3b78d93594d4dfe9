import { describe, expect, it } from '@jest/globals';
import type { ProcessEntry } from '../../../local/src/supervise/state-file.ts';
import { EXPERIMENTS, experimentNamed, targetOf, targetsOf, UsageError } from './experiments.ts';

const entry = (name: string, kind: ProcessEntry['kind'], pid: number | null = 7): ProcessEntry => ({
  name,
  kind,
  pid,
  ports: [],
  started_at: null,
  restarts: 0,
});
const processes = [
  ...['gateway', 'auth', 'billing', 'billing-2', 'support', 'monitor', 'healer'].map((name) =>
    entry(name, 'service'),
  ),
  ...['nats', 'postgres', 'redis', 'mail'].map((name) => entry(name, 'server')),
];
const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof UsageError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'not refused';
};

describe('targets of experiments', () => {
  it.each([
    ['service-kill', undefined, 'billing'],
    ['service-freeze', 'billing-2', 'billing-2'],
    ['connections-cut', undefined, 'billing'],
    ['nats-kill', undefined, 'nats'],
    ['redis-freeze', 'redis', 'redis'],
    ['none', undefined, undefined],
  ])('%s with target %s is done to %s', (experiment, wanted, name) => {
    expect(targetOf(experimentNamed(experiment), wanted, processes)?.name).toBe(name);
  });

  it.each([
    [
      'service-kill',
      'nope',
      /^UNKNOWN_TARGET: no process is called nope; .* gateway, auth, billing, billing-2/,
    ],
    ['service-kill', 'postgres', /^WRONG_TARGET: service-kill is not for postgres/],
    ['postgres-kill', 'billing', /^WRONG_TARGET: .* it can be done to postgres$/],
    ['connections-cut', 'gateway', /^WRONG_TARGET/],
    ['none', 'billing', /^WRONG_TARGET/],
  ])('%s is refused for %s', (experiment, wanted, text) => {
    expect(refusal(() => targetOf(experimentNamed(experiment), wanted, processes))).toMatch(text);
  });

  it('refuses an experiment that there is not, and a process that does not run', () => {
    expect(refusal(() => experimentNamed('earthquake'))).toMatch(/^UNKNOWN_EXPERIMENT: .*service-kill/);
    const down = [entry('billing', 'service', null)];
    expect(refusal(() => targetOf(experimentNamed('service-kill'), 'billing', down))).toMatch(/^NOT_RUNNING/);
  });

  it('covers every service and server in a suite', () => {
    const covered = EXPERIMENTS.flatMap((experiment) =>
      targetsOf(experiment, processes).map(({ name }) => name),
    );
    expect([...new Set(covered)].sort()).toEqual(
      processes
        .map(({ name }) => name)
        .filter((name) => name !== 'mail')
        .sort(),
    );
  });
});
