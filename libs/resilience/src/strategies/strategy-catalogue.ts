import type { StrategyName } from '../common/strategy-name.ts';
import { clearCacheAndRetry } from './clear-cache-and-retry.strategy.ts';
import { escalate } from './escalate.strategy.ts';
import { fallbackToCache } from './fallback-to-cache.strategy.ts';
import { queueForLater } from './queue-for-later.strategy.ts';
import { rateLimitBackoff } from './rate-limit-backoff.strategy.ts';
import { resetConnection } from './reset-connection.strategy.ts';
import { retryWithBackoff } from './retry-with-backoff.strategy.ts';
import { rollbackTransaction } from './rollback-transaction.strategy.ts';
import { skipOperation } from './skip-operation.strategy.ts';
import type { Strategy } from './strategy.ts';
import { switchApiEndpoint } from './switch-api-endpoint.strategy.ts';
import { useDefaultValue } from './use-default-value.strategy.ts';

export const STRATEGIES: Readonly<Record<StrategyName, Strategy>> = {
  RETRY_WITH_BACKOFF: retryWithBackoff,
  FALLBACK_TO_CACHE: fallbackToCache,
  SWITCH_API_ENDPOINT: switchApiEndpoint,
  CLEAR_CACHE_AND_RETRY: clearCacheAndRetry,
  RESET_CONNECTION: resetConnection,
  USE_DEFAULT_VALUE: useDefaultValue,
  SKIP_OPERATION: skipOperation,
  QUEUE_FOR_LATER: queueForLater,
  ROLLBACK_TRANSACTION: rollbackTransaction,
  RATE_LIMIT_BACKOFF: rateLimitBackoff,
  ESCALATE: escalate,
};
