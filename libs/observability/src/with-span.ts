import { redact, redactText } from '@gridworks/redaction';
import type { Attributes, Span, SpanKind } from '@opentelemetry/api';
import { type CallContext, currentContext, runInContext } from './call-context.ts';
import { isTraceparent, newTraceparent } from './traceparent.ts';

/**
 * The span as `fn` gets it: for attributes that are known only later. Does nothing while nothing is exported.
 */
export interface ActiveSpan {
  setAttributes(attributes: Attributes): void;
}

export interface SpanOptions {
  /** Continue this trace instead of the one of the current context: a caller's header, a stored event's. */
  readonly traceparent?: string | undefined;
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
}

/**
 * The part of OpenTelemetry that `startTelemetry` provides once the SDK is loaded. Its attributes contain no
 * secrets.
 */
export interface SpanExporter {
  /** `parent`: a valid traceparent, or undefined for a new trace. */
  startSpan(name: string, attributes: Attributes, kind: SpanKind, parent: string | undefined): Span;
  /** Starts a span in the trace that these headers name, in any configured form. */
  startServerSpan(
    name: string,
    attributes: Attributes,
    kind: SpanKind,
    headers: Readonly<Record<string, unknown>>,
  ): Span;
}

const KINDS = { internal: 0, server: 1, client: 2, producer: 3, consumer: 4 } as const;
const ERROR_STATUS = 2;
const silent: ActiveSpan = Object.freeze({ setAttributes: () => undefined });

let exporter: SpanExporter | undefined;

/** Turns export on or off for the process. Only `startTelemetry` calls this. */
export function setSpanExporter(next: SpanExporter | undefined): void {
  exporter = next;
}

/** Undefined while nothing is exported. */
export const spanExporter = (): SpanExporter | undefined => exporter;

/** `00-<trace>-<span>-<flags>` of a span. */
export function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/**
 * Runs `fn` as a span of the current trace, or of a new one when there is none; inside, `currentContext()`
 * always has a traceparent. Without a configured collector nothing is recorded and the cost is negligible. An
 * error of `fn` is rethrown, and recorded on the span without secrets.
 */
export function withSpan<T>(
  name: string,
  attributes: Attributes,
  fn: (span: ActiveSpan) => T,
  options: SpanOptions = {},
): T {
  const context = currentContext();
  if (!exporter && options.traceparent === undefined && context?.traceparent !== undefined) return fn(silent);
  const given = options.traceparent ?? context?.traceparent;
  const parent = isTraceparent(given) ? given : undefined;
  if (!exporter) {
    return runInContext(withTrace(context, parent ?? newTraceparent()), () => fn(silent));
  }
  const span = exporter.startSpan(name, clean(attributes), KINDS[options.kind ?? 'internal'], parent);
  return runInContext(withTrace(context, traceparentOf(span)), () => finish(span, () => fn(redacting(span))));
}

const clean = (attributes: Attributes): Attributes => redact(attributes) as Attributes;

/** Attributes that are added later are redacted like errors. */
const redacting = (span: Span): ActiveSpan => ({
  setAttributes: (attributes) => void span.setAttributes(clean(attributes)),
});

function withTrace(context: CallContext | undefined, traceparent: string): CallContext {
  if (context) return { ...context, traceparent };
  return {
    requestId: traceparent.slice(3, 35),
    traceparent,
    deadlineAt: undefined,
    principal: undefined,
  };
}

function finish<T>(span: Span, fn: () => T): T {
  let result: T;
  try {
    result = fn();
  } catch (error) {
    fail(span, error);
    throw error;
  }
  if (!isPromise(result)) {
    span.end();
    return result;
  }
  return result.then(
    (value) => {
      span.end();
      return value;
    },
    (error: unknown) => {
      fail(span, error);
      throw error;
    },
  ) as T;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function fail(span: Span, error: unknown): void {
  const message = redactText(error instanceof Error ? error.message : String(error)).slice(0, 1000);
  const stack = error instanceof Error && error.stack ? redactText(error.stack).slice(0, 8000) : '';
  span.recordException({ name: error instanceof Error ? error.name : 'Error', message, stack });
  span.setStatus({ code: ERROR_STATUS, message });
  span.end();
}
