import { gauge } from '@gridworks/observability';
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
    'Free space on the disk of the working folder',
    [],
    () => pulse.disk()?.free ?? Number.NaN,
  );
  gauge('service_in_flight', 'Requests and events under way', [], () => load.inFlight());
  gauge('service_requests_ok', 'Requests served since the start', [], () => load.counts().ok);
  gauge(
    'service_requests_failed',
    'Requests that failed by a fault of the service since the start',
    [],
    () => load.counts().failed,
  );
  const up = gauge('dependency_up', 'Whether the last check of a dependency succeeded', ['dependency']);
  const lost = gauge('dependency_connections_lost', 'Connections that broke since the start', ['dependency']);
  health.onCheck(() => {
    for (const one of health.dependencies()) {
      up.labels(one.name).set(one.status === 'up' ? 1 : 0);
      lost.labels(one.name).set(one.connectionsLost);
    }
  });
}
