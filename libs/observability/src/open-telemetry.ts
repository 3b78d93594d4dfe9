import {
  type Context,
  context,
  diag,
  metrics,
  ProxyTracerProvider,
  propagation,
  ROOT_CONTEXT,
  type SpanKind,
  trace,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { startNodeSdk } from '@opentelemetry/sdk-node';
import type { Logger } from './logger.ts';
import { diagnosticsTo } from './open-telemetry-diagnostics.ts';
import { setSpanExporter } from './with-span.ts';

/** The exporting service; becomes the resource of every span and overrides `OTEL_RESOURCE_ATTRIBUTES`. */
export interface TelemetryOptions {
  readonly service: string;
  readonly instance: string;
  readonly version: string;
}

// One second instead of the SDK's five, so that the trace of a fault can be followed while it is being
// healed.
const SCHEDULE_DELAY_MS = 1000;

/**
 * Starts the OpenTelemetry SDK as its `OTEL_*` variables say, and passes it to `withSpan`. Only the resource
 * is ours. Logs stay on standard output, where a collector reads them. Returns a function that stops the SDK,
 * or null when the variables leave no exporter of spans.
 */
export function startOpenTelemetry(
  options: TelemetryOptions,
  logger: Logger | undefined,
): (() => Promise<void>) | null {
  process.env.OTEL_BSP_SCHEDULE_DELAY ||= String(SCHEDULE_DELAY_MS);
  const sdk = startNodeSdk({
    logLevel: process.env.OTEL_LOG_LEVEL || 'warn',
    metricReaders: [],
    logRecordProcessors: [],
    resourceAttributes: {
      'service.namespace': 'gridworks',
      'service.name': options.service,
      'service.instance.id': options.instance,
      'service.version': options.version,
    },
  });
  diagnosticsTo(logger);
  const stop = async (): Promise<void> => {
    setSpanExporter(undefined);
    await sdk.shutdown();
    for (const api of [trace, metrics, propagation, context, diag]) api.disable();
  };
  const provider = trace.getTracerProvider();
  const given = provider instanceof ProxyTracerProvider ? provider.getDelegateTracer('gridworks') : provider;
  if (!given) {
    void stop();
    return null;
  }
  const tracer = trace.getTracer('gridworks', options.version);
  setSpanExporter({
    startSpan: (name, attributes, kind: SpanKind, parent) =>
      tracer.startSpan(name, { attributes, kind }, parent ? continued(parent) : ROOT_CONTEXT),
    startServerSpan: (name, attributes, kind: SpanKind, headers) =>
      tracer.startSpan(name, { attributes, kind }, propagation.extract(ROOT_CONTEXT, headers)),
  });
  return stop;
}

function continued(traceparent: string): Context {
  const parent = parseTraceParent(traceparent);
  return parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT;
}
