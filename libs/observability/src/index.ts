export {
  type ActNote,
  beforeAct,
  type CallContext,
  type CallOrigin,
  type CallPrincipal,
  currentContext,
  type KeyedCall,
  noteAct,
  type PendingAct,
  runInContext,
} from './call-context.ts';
export type { DependencyProbe, PoolUse } from './dependency-probe.ts';
export { type LoopListener, lookAtEventLoop, watchEventLoop } from './event-loop.ts';
export { LOG_EVENT_AREAS, LOG_EVENTS, type LogEvent, type LogEventRow } from './log-events.ts';
export { createLogger, type LogFields, type Logger, type LoggerOptions } from './logger.ts';
export {
  counter,
  gauge,
  histogram,
  LATENCY_BUCKETS_S,
  type MetricChild,
  type MetricFamily,
  MetricsRegistry,
  metrics,
  renderMetrics,
} from './metrics.ts';
export { type DurationFigures, durationFigures, type RequestFigures, RequestMeter } from './request-meter.ts';
export { beginServerSpan, exportsSpans, type ServerSpan } from './server-span.ts';
export { startTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.ts';
export { isTraceparent, newTraceparent, traceIdOf } from './traceparent.ts';
export { type ActiveSpan, type SpanOptions, withSpan } from './with-span.ts';
