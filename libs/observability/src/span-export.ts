import { type Context, context as root, type SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { setSpanExporter } from './with-span.ts';

/** Who exports; becomes the resource of every span. */
export interface TelemetryOptions {
  readonly service: string;
  readonly instance: string;
  readonly version: string;
}

// A second, not the SDK's five: somebody watches the trace of a fault while it is being healed.
const exportEveryMs = 1000;
const exportTimeoutMs = 3000;

/**
 * Loads the tracing part of the OpenTelemetry SDK (not the whole of `sdk-node`: that costs every process
 * 0.7 s of its start and 65 MB) and sends spans as OTLP/HTTP with JSON. Returns what stops it.
 */
export function exportSpans(options: TelemetryOptions): () => Promise<void> {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      ...resourceOfEnvironment(process.env.OTEL_RESOURCE_ATTRIBUTES),
      'service.namespace': 'gridworks',
      'service.name': options.service,
      'service.instance.id': options.instance,
      'service.version': options.version,
      'process.pid': process.pid,
    }),
    spanProcessors: [
      new BatchSpanProcessor(
        new OTLPTraceExporter({ timeoutMillis: exportTimeoutMs }),
        process.env.OTEL_BSP_SCHEDULE_DELAY ? {} : { scheduledDelayMillis: exportEveryMs },
      ),
    ],
  });
  const tracer = provider.getTracer('gridworks', options.version);
  setSpanExporter({
    startSpan: (name, attributes, kind: SpanKind, parent) =>
      tracer.startSpan(name, { attributes, kind }, parent ? remote(parent) : root.active()),
  });
  return () => provider.shutdown();
}

function remote(traceparent: string): Context {
  return trace.setSpanContext(root.active(), {
    traceId: traceparent.slice(3, 35),
    spanId: traceparent.slice(36, 52),
    traceFlags: Number.parseInt(traceparent.slice(53, 55), 16),
    isRemote: true,
  });
}

/** `key=value,key=value`, percent-encoded, as the OpenTelemetry specification has it. */
function resourceOfEnvironment(text: string | undefined): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const pair of text?.split(',') ?? []) {
    const at = pair.indexOf('=');
    if (at < 1) continue;
    const value = pair.slice(at + 1).trim();
    try {
      attributes[pair.slice(0, at).trim()] = decodeURIComponent(value);
    } catch {
      attributes[pair.slice(0, at).trim()] = value;
    }
  }
  return attributes;
}
