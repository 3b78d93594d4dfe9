export { CacheRegistry } from './cache-registry.ts';
export { clientNetwork } from './client-network.ts';
export { coarseNetwork } from './coarse-network.ts';
export { onExchangeEnd } from './exchange-end.ts';
export { CallQueue } from './healing/call-queue.ts';
export { CallReplays, type Replay, type ReplayedCall } from './healing/call-replays.ts';
export { connectHealing, type HealingConnections, HealingRuntime } from './healing/connect-healing.ts';
export { HealthEndpoints, type HealthResponse } from './health-endpoints.ts';
export { type DependencyHealth, HealthRegistry } from './health-registry.ts';
export { isFailure, markRefusal } from './http-load.ts';
export { ConfigError, EXIT_CONFIG, loadConfig } from './load-config.ts';
export {
  type DiskSpace,
  DiskWatch,
  fullestDisk,
  measureDiskSpace,
  usedShare,
} from './process/disk-space.ts';
export { LoadMeter, type LoadSource } from './process/load-meter.ts';
export { replaceFile } from './process/replace-file.ts';
export { ServiceInfo } from './process/service-info.ts';
export { provideRedis } from './redis.provider.ts';
export { RedisClient, type RedisOptions } from './redis-client.ts';
export { httpConfig, type SharedConfig, sharedConfig } from './shared.config.ts';
export {
  type RunningService,
  type ServiceOptions,
  type SetupContext,
  startService,
} from './start-service.ts';
export { CONFIG, LOGGER } from './tokens.ts';
