import { redact } from '@gridworks/redaction';
import type { Attributes } from '@opentelemetry/api';
import { spanExporter, traceparentOf } from './with-span.ts';

/** The span of a request from outside, which ends in another callback than the one that began it. */
export interface ServerSpan {
  /** The traceparent for everything that is done on behalf of the request. */
  readonly traceparent: string;
  /** @param failed the service caused the failure, not the caller */
  end(attributes: Attributes, failed: boolean): void;
}

/** Whether spans leave the process. If not, nothing needs to be prepared for a span. */
export const exportsSpans = (): boolean => spanExporter() !== undefined;

/**
 * Starts the span of a request from outside, in the trace that its headers name in one of the forms of
 * `OTEL_PROPAGATORS`. Undefined while nothing is exported.
 */
export function beginServerSpan(
  name: string,
  attributes: Attributes,
  headers: Readonly<Record<string, unknown>>,
): ServerSpan | undefined {
  const span = spanExporter()?.startServerSpan(name, redact(attributes) as Attributes, SERVER, headers);
  if (!span) return undefined;
  return {
    traceparent: traceparentOf(span),
    end(more, failed) {
      span.setAttributes(redact(more) as Attributes);
      if (failed) span.setStatus({ code: ERROR_STATUS });
      span.end();
    },
  };
}

const SERVER = 1;
const ERROR_STATUS = 2;
