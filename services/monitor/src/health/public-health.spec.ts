import type { HealthCheck } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { publicChecks } from './public-health.ts';
import type { SystemHealth } from './system-health.ts';

const AT = '2026-01-05T10:00:00.000Z';
type Row = readonly [component: string, status: HealthCheck['status'], detail?: string];

/** The health of a system in which everything works but these. */
function health(...changes: Row[]): SystemHealth {
  const rows = new Map<string, Row>();
  const services = ['gateway', 'auth', 'billing', 'support'];
  for (const name of ['server:postgres', 'server:nats', 'http:gateway']) rows.set(name, [name, 'pass']);
  for (const name of services) rows.set(`service:${name}`, [`service:${name}`, 'pass']);
  for (const change of changes) rows.set(change[0], change);
  const checks = [...rows.values()].map(([component, status, detail]) => ({
    ...{ component, status, observed_at: AT, latency_ms: null, detail: detail ?? null },
  }));
  const instances = checks
    .filter(({ component }) => component.startsWith('service:'))
    .map(({ component, detail }) => ({
      service: component.slice(8).replace(/-\d+$/, ''),
      instance: component.slice(8),
      ...{ pid: 1, started_at: AT, last_pulse_at: AT, resident_bytes: 1, event_loop_lag_ms: 0 },
      ...{ requests_per_second: 0, errors_per_second: 0 },
      degraded: detail?.includes('is away') ? [detail] : [],
    }));
  return { object: 'system_health', status: 'pass', observed_at: AT, checks, instances };
}
const of = (...changes: Row[]) =>
  Object.fromEntries(
    publicChecks(health(...changes)).map(({ component, status }) => [component.slice(7), status]),
  );
const ALL_PASS = { api: 'pass', accounts: 'pass', usage: 'pass', tickets: 'pass' };

describe('what partners notice', () => {
  it('is nothing while all work', () => expect(of()).toEqual(ALL_PASS));
  it.each<[string, Row[], object]>([
    ['a service that is down', [['service:billing', 'fail']], { usage: 'fail' }],
    ['a gateway that takes no connections', [['http:gateway', 'fail']], { api: 'fail' }],
    ['one of two that is down', [['service:auth-2', 'fail']], { accounts: 'warn' }],
    ['one that starts', [['service:support', 'warn', 'starting']], { tickets: 'fail' }],
    ['one that works less well', [['service:gateway', 'warn', 'redis is away']], { api: 'warn' }],
    ['a disk that is filling', [['service:auth', 'warn', '9% of the disk is free']], {}],
    [
      'a database that is down',
      [['server:postgres', 'fail']],
      { accounts: 'fail', usage: 'fail', tickets: 'fail' },
    ],
    ['one that nobody can see', [['service:support', 'unknown']], { tickets: 'unknown' }],
  ])('of %s', (_what, changes, expected) => expect(of(...changes)).toEqual({ ...ALL_PASS, ...expected }));
  it('is not known of a service that was never seen', () => {
    const none = { ...health(), instances: [] };
    expect(publicChecks(none).map(({ status }) => status)).toEqual(Array(4).fill('unknown'));
  });
});
