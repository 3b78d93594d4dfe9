import {
  DISK_USE,
  type getSystemHealth,
  type HealthCheck,
  type OutputOf,
  signalRow,
} from '@gridworks/contracts';
import type { GatewayHttpTracker } from '../checks/processes/gateway-http-tracker.ts';
import type { ServerTracker } from '../checks/servers/server-tracker.ts';
import { usedShareOf } from '../pulses/disk-use.ts';
import { UNRESPONSIVE_AFTER_MS } from '../pulses/instance-tracker.ts';
import type { TrackedInstance } from '../pulses/tracked-instance.ts';
import { STORE_SIGNALS } from '../symptoms/judge-server.ts';
import { timestamp } from '../symptoms/timestamp.ts';

export type SystemHealth = OutputOf<typeof getSystemHealth>;

/** The state from which the health is computed. */
export interface Known {
  readonly instances: readonly TrackedInstance[];
  readonly servers: Iterable<ServerTracker>;
  readonly gatewayHttp: GatewayHttpTracker;
  /** False while no pulse can arrive: then silence proves nothing. */
  readonly connected: boolean;
}

/** The health of the whole system, from memory. */
export function systemHealth(known: Known, now: number): SystemHealth {
  const checks = healthChecks(known, now);
  const any = (...statuses: HealthCheck['status'][]) =>
    checks.some(({ status }) => statuses.includes(status));
  return {
    object: 'system_health',
    status: any('fail') ? 'fail' : any('warn', 'unknown') ? 'warn' : 'pass',
    observed_at: timestamp(now),
    checks,
    instances: known.instances.map(({ pulse, seenAt, requestsPerSecond, errorsPerSecond }) => ({
      service: pulse.service,
      instance: pulse.instance,
      pid: pulse.pid,
      started_at: pulse.started_at,
      last_pulse_at: timestamp(seenAt),
      resident_bytes: pulse.resident_bytes,
      event_loop_lag_ms: pulse.event_loop_lag_ms,
      requests_per_second: round(requestsPerSecond),
      errors_per_second: round(errorsPerSecond),
      degraded: pulse.degraded,
    })),
  };
}

/** One check per component: every instance, every server, gateway HTTP. */
export function healthChecks(
  { instances, servers, gatewayHttp, connected }: Known,
  now: number,
): HealthCheck[] {
  return [
    ...instances.map((known) => ofInstance(known, connected, now)),
    ...[...servers].map((server) => ofServer(server, now)),
    ofGatewayHttp(gatewayHttp, now),
  ];
}

function ofInstance(known: TrackedInstance, connected: boolean, now: number): HealthCheck {
  const { pulse } = known;
  const check = (status: HealthCheck['status'], detail: string | null): HealthCheck => ({
    component: `service:${pulse.instance}`,
    status,
    observed_at: timestamp(known.seenAt),
    latency_ms: null,
    detail,
  });
  const silentMs = now - known.seenAt;
  if (known.unresponsive) return check('fail', known.lastProbe?.detail ?? 'no sign of life');
  if (!connected) return check('unknown', 'the bus is away');
  if (!known.received) return check('unknown', 'no pulse since monitor started');
  if (silentMs > UNRESPONSIVE_AFTER_MS) return check('unknown', `no pulse for ${Math.round(silentMs)} ms`);
  if (pulse.state === 'not-ready') return check('fail', `away: ${down(known).join(', ')}`);
  if (pulse.state !== 'ready') return check('warn', pulse.state);
  if (known.restart) return check('warn', 'restarted');
  if (pulse.degraded.length > 0) return check('warn', pulse.degraded.join('; '));
  const used = usedShareOf(pulse);
  if (used !== null && used >= DISK_USE.filling)
    return check('warn', `${Math.round(used * 100)} % of the disk is used`);
  return check('pass', null);
}

function ofServer(server: ServerTracker, now: number): HealthCheck {
  const { last, name, lastOkAt } = server;
  const check = (status: HealthCheck['status'], detail: string | null): HealthCheck => ({
    component: `server:${name}`,
    status,
    observed_at: timestamp(last?.ok ? (lastOkAt ?? now) : now),
    latency_ms: last?.ok ? round(last.latencyMs) : null,
    detail,
  });
  if (!last) return check('unknown', 'not checked yet');
  if (!last.ok) return check(server.unhealthy(now) || server.unresponsive ? 'fail' : 'warn', last.error);
  const storeSignal = STORE_SIGNALS[name];
  if (server.notStoring && storeSignal)
    return check('fail', `${signalRow(storeSignal).phrase}: ${String(server.notStoring.evidence.error)}`);
  return server.restart ? check('warn', 'restarted') : check('pass', null);
}

function ofGatewayHttp(gatewayHttp: GatewayHttpTracker, now: number): HealthCheck {
  const requested = gatewayHttp.failingSince !== null || gatewayHttp.lastOkAt !== null;
  return {
    component: 'http:gateway',
    status: !requested ? 'unknown' : gatewayHttp.error === null ? 'pass' : 'fail',
    observed_at: timestamp(gatewayHttp.error === null ? (gatewayHttp.lastOkAt ?? now) : now),
    latency_ms: gatewayHttp.latencyMs === null ? null : round(gatewayHttp.latencyMs),
    detail: gatewayHttp.error,
  };
}

const down = ({ pulse }: TrackedInstance): string[] =>
  pulse.dependencies.filter(({ critical, status }) => critical && status !== 'up').map(({ name }) => name);

const round = (value: number): number => Math.round(value * 10) / 10;
