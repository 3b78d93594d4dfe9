import type { Bus } from '@gridworks/bus';
import { AppError, BREAKER_NOT_FOUND, instanceRequest, NO_POOL } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { BreakerRegistry, CircuitBreaker } from '@gridworks/resilience';
import type { CacheRegistry } from './cache-registry.ts';
import type { HealthRegistry } from './health-registry.ts';
import type { InstanceState } from './instance-state.ts';
import type { ServiceInfo } from './process/service-info.ts';

export interface InstanceControls {
  readonly info: ServiceInfo;
  readonly state: InstanceState;
  readonly health: HealthRegistry;
  readonly caches: CacheRegistry;
  readonly breakers: BreakerRegistry;
  readonly logger: Logger;
  /** Starts the drain. */
  readonly drain: (reason: string) => void;
}

// The time for the response to leave before the bus is drained.
const RESPOND_FIRST_MS = 50;

/** Serves the control requests to this one instance, from before it is ready until the bus is closed. */
export function serveControls(bus: Bus, controls: InstanceControls): void {
  const { info, state, health, caches, breakers, logger, drain } = controls;
  const { service, instance } = info;
  const alone = { shared: false };
  bus.serve(
    instanceRequest(service, 'ping', instance),
    () => ({ instance, boot_id: info.bootId, state: state.current() }),
    alone,
  );
  bus.serve(
    instanceRequest(service, 'reset-connections', instance),
    async () => {
      // The bus responds first: its own reset would cut the connection of the response.
      const reset = await health.resetAll({ except: bus.name });
      setTimeout(() => void bus.reset().catch(() => undefined), RESPOND_FIRST_MS);
      logger.log('control.connections_reset', { reset: [...reset, bus.name] });
      return { instance, reset: [...reset, bus.name] };
    },
    alone,
  );
  bus.serve(
    instanceRequest(service, 'clear-cache', instance),
    async () => {
      const cleared = await caches.clearAll();
      logger.log('control.caches_cleared', { cleared });
      return { instance, cleared };
    },
    alone,
  );
  bus.serve(
    instanceRequest(service, 'drain', instance),
    () => {
      setTimeout(() => drain('a control request'), RESPOND_FIRST_MS);
      return { instance, draining: true };
    },
    alone,
  );
  bus.serve(
    instanceRequest(service, 'breakers', instance),
    () => ({ instance, breakers: breakers.all().map(statusOf) }),
    alone,
  );
  bus.serve(
    instanceRequest(service, 'set-breaker', instance),
    ({ breaker: name, mode, reason }) => {
      const breaker = breakers.get(name);
      if (!breaker) throw new AppError(BREAKER_NOT_FOUND, { detail: `${instance} has no breaker ${name}` });
      breaker.force(mode, reason);
      logger.log('control.breaker_set', { breaker: name, mode, reason });
      return { instance, breaker: statusOf(breaker) };
    },
    alone,
  );
  const poolOf = () => {
    const pool = health.pool();
    if (!pool) throw new AppError(NO_POOL, { detail: `${instance} has no pool of connections` });
    return pool;
  };
  bus.serve(instanceRequest(service, 'pool', instance), () => ({ instance, pool: poolOf().use() }), alone);
  bus.serve(
    instanceRequest(service, 'set-pool', instance),
    ({ mode, size }) => {
      const pool = poolOf();
      pool.set(mode, size);
      logger.log('control.pool_set', { mode, size });
      return { instance, pool: pool.use() };
    },
    alone,
  );
}

function statusOf(breaker: CircuitBreaker) {
  const { since, reopens_at, ...rest } = breaker.toJSON();
  return { ...rest, since: timestamp(since), reopens_at: reopens_at === null ? null : timestamp(reopens_at) };
}

const timestamp = (ms: number): string => new Date(ms).toISOString();
