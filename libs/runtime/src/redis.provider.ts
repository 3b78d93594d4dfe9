import type { Logger } from '@gridworks/observability';
import type { FactoryProvider } from '@nestjs/common';
import { HealthRegistry } from './health-registry.ts';
import { ServiceInfo } from './process/service-info.ts';
import { RedisClient } from './redis-client.ts';
import type { SharedConfig } from './shared.config.ts';
import { CONFIG, LOGGER } from './tokens.ts';

/**
 * Makes `RedisClient` injectable, watched by the health registry and closed at shutdown.
 * @param degraded how the service is degraded without Redis, in words
 */
export function provideRedis(degraded: string): FactoryProvider<RedisClient> {
  return {
    provide: RedisClient,
    inject: [CONFIG, LOGGER, HealthRegistry, ServiceInfo],
    useFactory: async (
      config: SharedConfig,
      logger: Logger,
      health: HealthRegistry,
      { service }: ServiceInfo,
    ) => {
      if (!config.REDIS_URL) throw new Error('REDIS_URL is not set, and this service uses Redis');
      const redis = await RedisClient.connect({ url: config.REDIS_URL, service, logger, degraded });
      health.register(redis);
      return redis;
    },
  };
}
