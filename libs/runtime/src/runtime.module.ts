import { Bus } from '@gridworks/bus';
import type { Logger } from '@gridworks/observability';
import { BreakerRegistry } from '@gridworks/resilience';
import type { DynamicModule } from '@nestjs/common';
import { CacheRegistry } from './cache-registry.ts';
import { CallQueue } from './healing/call-queue.ts';
import { CallReplays } from './healing/call-replays.ts';
import { HealingRuntime } from './healing/connect-healing.ts';
import { HealthEndpoints } from './health-endpoints.ts';
import { HealthRegistry } from './health-registry.ts';
import { LoadMeter } from './process/load-meter.ts';
import { ServiceInfo } from './process/service-info.ts';
import { CONFIG, LOGGER } from './tokens.ts';

export interface RuntimeParts {
  readonly config: unknown;
  readonly logger: Logger;
  readonly bus: Bus;
  readonly info: ServiceInfo;
  readonly health: HealthRegistry;
  readonly endpoints: HealthEndpoints;
  readonly caches: CacheRegistry;
  readonly load: LoadMeter;
  readonly healing: HealingRuntime;
}

class RuntimeModule {}

/** The providers that every service can inject without importing a module. */
export function runtimeModule(parts: RuntimeParts): DynamicModule {
  const values: [unknown, unknown][] = [
    [CONFIG, parts.config],
    [LOGGER, parts.logger],
    [Bus, parts.bus],
    [ServiceInfo, parts.info],
    [HealthRegistry, parts.health],
    [HealthEndpoints, parts.endpoints],
    [CacheRegistry, parts.caches],
    [LoadMeter, parts.load],
    [HealingRuntime, parts.healing],
    [CallQueue, parts.healing.queue],
    [CallReplays, parts.healing.replays],
    [BreakerRegistry, parts.healing.environment.breakers],
  ];
  const providers = values.map(([provide, useValue]) => ({ provide: provide as symbol, useValue }));
  return {
    module: RuntimeModule,
    global: true,
    providers,
    exports: providers.map(({ provide }) => provide),
  };
}
