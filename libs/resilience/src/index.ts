export { BreakerRegistry } from './breaker/breaker-registry.ts';
export type {
  BreakerMode,
  BreakerOptions,
  BreakerSnapshot,
  BreakerState,
  BreakerTransition,
} from './breaker/breaker-state.ts';
export { CircuitBreaker } from './breaker/circuit-breaker.ts';
export { ProbedBreaker, type ProbedBreakerOptions } from './breaker/probed-breaker.ts';
export { RetryBudget, type RetryBudgetOptions } from './budget/retry-budget.ts';
export * from './classify/index.ts';
export type { Category } from './common/category.ts';
export {
  attachHealing,
  explainHealing,
  type FailureKind,
  type HealingDecision,
  type HealingRecord,
  type HealingStep,
  healingOf,
} from './common/healing-record.ts';
export {
  BulkheadFullError,
  CircuitOpenError,
  DeadlineExceededError,
  GuardError,
  HealingMisuseError,
  RateLimitError,
} from './common/resilience.errors.ts';
export type { SiteStats } from './common/site-stats.ts';
export { STRATEGY_NAMES, type StrategyName } from './common/strategy-name.ts';
export * from './fingerprint/index.ts';
export { type EnvironmentOptions, HealingEnvironment } from './healing/environment.ts';
export type { KnownPattern, PatternsPort } from './healing/examine-error.ts';
export type {
  AsyncFunction,
  BulkheadOptions,
  CacheOptions,
  DedupeOptions,
  EndpointOptions,
  HealingOptions,
  QueuedCall,
  QueueOptions,
  QueuePort,
  RetryOptions,
  RollbackOutcome,
  TransactionPort,
} from './healing/healing-options.ts';
export { parseRetryAfter, retryAfterOf } from './healing/retry-after.ts';
export { processEnvironment } from './process-environment.ts';
export type { ErrorCapture, StrategyOutcome } from './reporting/error-capture.ts';
export { type CaptureSink, ErrorReporter, type ReporterOptions } from './reporting/error-reporter.ts';
export { SelfHealing } from './self-healing.decorator.ts';
export { STRATEGIES } from './strategies/strategy-catalogue.ts';
export { siteOf, withSelfHealing } from './with-self-healing.ts';
