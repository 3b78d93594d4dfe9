import { counter, gauge } from '@gridworks/observability';
import type { HealthRegistry } from './health-registry.ts';
import type { LoadSource } from './process/load-meter.ts';
import type { ServiceInfo } from './process/service-info.ts';
import type { PulseSender } from './pulse-sender.ts';

/** Adds the figures of the pulse to `/metrics`. */
export function registerProcessMetrics(
  info: ServiceInfo,
  health: HealthRegistry,
  load: LoadSource,
  pulse: PulseSender,
): void {
  gauge(
    'process_start_time_seconds',
    'When the process started, seconds since 1970',
    [],
    () => Date.parse(info.startedAt) / 1000,
  );
  counter('process_cpu_seconds_total', 'Processor time of the process', [], () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  gauge('process_resident_memory_bytes', 'Resident memory', [], () => process.memoryUsage.rss());
  gauge('nodejs_heap_used_bytes', 'Heap in use', [], () => process.memoryUsage().heapUsed);
  gauge(
    'nodejs_eventloop_lag_seconds',
    'Longest block of the event loop in the last second',
    [],
    () => pulse.lagMs() / 1000,
  );
  gauge(
    'disk_free_bytes',
    'Free space on the fullest disk of its folders',
    [],
    () => pulse.disk()?.free ?? Number.NaN,
  );
  gauge('service_in_flight', 'Requests and events under way', [], () => load.inFlight());
  counter('service_requests_ok_total', 'Requests that were served', [], () => load.counts().ok);
  counter(
    'service_requests_failed_total',
    'Requests that failed by a fault of the service',
    [],
    () => load.counts().failed,
  );
  const up = gauge('dependency_up', 'Whether the last check of a dependency succeeded', ['dependency']);
  const lost = counter('dependency_connections_lost_total', 'Connections that broke', ['dependency']);
  const pool = gauge('dependency_pool_connections', 'Connections of a pool, by what they do', [
    'dependency',
    'state',
  ]);
  health.onCheck(() => {
    for (const one of health.dependencies()) {
      up.labels(one.name).set(one.status === 'up' ? 1 : 0);
      const counted = lost.labels(one.name);
      counted.inc(Math.max(0, one.connectionsLost - counted.value()));
      if (!one.pool) continue;
      pool.labels(one.name, 'in_use').set(one.pool.in_use);
      pool.labels(one.name, 'waiting').set(one.pool.waiting);
      pool.labels(one.name, 'max').set(one.pool.max);
    }
  });
}
