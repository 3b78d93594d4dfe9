import { beginServerSpan, exportsSpans } from '@gridworks/observability';
import { onExchangeEnd } from '@gridworks/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Begins the span of a public request, which ends with the response. Returns its traceparent, or undefined
 * while no exporter is set. Attributes follow the semantic conventions of HTTP servers. The path and the
 * query are left out, since they carry ids.
 */
export function beginRequestSpan(request: FastifyRequest, reply: FastifyReply): string | undefined {
  if (!exportsSpans()) return undefined;
  const route = request.routeOptions.config.route;
  const attributes = {
    'http.request.method': request.method,
    ...(route && { 'http.route': route.http.path }),
  };
  const span = beginServerSpan(route?.operation ?? request.method, attributes, request.raw.headers);
  if (!span) return undefined;
  onExchangeEnd(request.raw, reply.raw, () => {
    const { statusCode } = reply.raw;
    span.end({ 'http.response.status_code': statusCode }, statusCode >= 500);
  });
  return span.traceparent;
}
