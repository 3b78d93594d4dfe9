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
export type { Category } from './category.ts';
export * from './classify/index.ts';
export * from './fingerprint/index.ts';
export { type EnvironmentOptions, HealingEnvironment } from './healing/environment.ts';
export type { Pattern, PatternsPort } from './healing/examine-error.ts';
export {
  attachHealing,
  type Decision,
  explainHealing,
  type FailureKind,
  type HealingRecord,
  type HealingStep,
  healingOf,
} from './healing/healing-record.ts';
export { parseRetryAfter, retryAfterOf } from './healing/retry-after.ts';
export type { SiteStats } from './healing/site-stats.ts';
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
} from './healing-options.ts';
export { configureHealing, processEnvironment } from './process-environment.ts';
export * from './redact/index.ts';
export type { ErrorCapture, StrategyOutcome } from './reporting/error-capture.ts';
export { type CaptureSink, ErrorReporter, type ReporterOptions } from './reporting/error-reporter.ts';
export {
  BulkheadFullError,
  CircuitOpenError,
  DeadlineExceededError,
  GuardError,
  HealingMisuseError,
  RateLimitError,
} from './resilience.errors.ts';
export { SelfHealing } from './self-healing.decorator.ts';
export { STRATEGIES } from './strategies/strategy-catalogue.ts';
export { isStrategyName, STRATEGY_NAMES, type StrategyName } from './strategies/strategy-name.ts';
export { siteOf, withSelfHealing } from './with-self-healing.ts';
