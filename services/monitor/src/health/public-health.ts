import {
  AFFECTED_SERVICES,
  type HealthCheck,
  PUBLIC_SERVICES,
  type PublicService,
} from '@gridworks/contracts';
import type { SystemHealth } from './system-health.ts';

type Status = HealthCheck['status'];

/** Worst first. `unknown` never counts as good. */
const ORDER: readonly Status[] = ['fail', 'unknown', 'warn', 'pass'];
/** States of a process in which it takes no calls; their name is the detail of its check. */
const NOT_SERVING: ReadonlySet<string> = new Set(['starting', 'draining', 'stopped']);

export const worst = (statuses: readonly Status[]): Status =>
  ORDER.find((status) => statuses.includes(status)) ?? 'unknown';

/**
 * The status of each public service, as checks of components `public:api` and so on: from the processes that
 * it needs.
 */
export function publicChecks(health: SystemHealth): HealthCheck[] {
  return PUBLIC_SERVICES.map((service) => ({
    component: `public:${service}`,
    status: worst(partsOf(service).map((part) => partStatus(health, part))),
    observed_at: health.observed_at,
    latency_ms: null,
    detail: null,
  }));
}

const partsOf = (service: PublicService): string[] => [
  ...Object.keys(AFFECTED_SERVICES).filter((part) => AFFECTED_SERVICES[part]?.includes(service)),
  ...(service === 'api' ? ['http:gateway'] : []),
];

function partStatus(health: SystemHealth, part: string): Status {
  const direct = health.checks.find(({ component }) => [part, `server:${part}`].includes(component));
  if (direct) return direct.status;
  const own = health.instances.filter(({ service }) => service === part);
  const statuses = own.map((one) => instanceStatus(health, one.instance, one.degraded));
  // One healthy instance is enough for the service to work, and one unhealthy instance makes it degraded.
  if (statuses.includes('pass') || statuses.includes('warn'))
    return statuses.every((status) => status === 'pass') ? 'pass' : 'warn';
  return worst(statuses);
}

/**
 * Warnings such as a low disk concern GridWorks alone: partners are affected only by what the process itself
 * reports as degraded.
 */
function instanceStatus(health: SystemHealth, instance: string, degraded: readonly string[]): Status {
  const check = health.checks.find(({ component }) => component === `service:${instance}`);
  if (!check) return 'unknown';
  if (check.status !== 'warn') return check.status;
  if (NOT_SERVING.has(check.detail ?? '')) return 'fail';
  return degraded.length > 0 ? 'warn' : 'pass';
}
