import { counter, histogram, type Logger, type MetricChild, RequestMeter } from '@gridworks/observability';
import { isFailure } from '@gridworks/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

interface RouteMetrics {
  readonly meter: RequestMeter;
  /** Counters of responses, by the first digit of the status. */
  readonly responses: (MetricChild | undefined)[];
}

/**
 * Counts every response, and logs only failures of the portal and slow responses. Metrics and traces show the
 * rest.
 */
export class CallLog {
  readonly #responses = counter('gateway_requests_total', 'Responses to public calls', [
    'operation',
    'class',
  ]);
  readonly #seconds = histogram('gateway_request_seconds', 'Time from the request to its response', [
    'operation',
  ]);
  readonly #routes = new Map<string, RouteMetrics>();

  constructor(
    readonly logger: Logger,
    readonly slowMs: number,
  ) {}

  /** One for each route that was called: method and path are its contract's name. */
  *meters(): Iterable<RequestMeter> {
    for (const { meter } of this.#routes.values()) yield meter;
  }

  attach(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', this.#onResponse);
  }

  readonly #onResponse = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const operation = request.call?.route?.operation ?? 'unknown';
    const { statusCode, elapsedTime } = reply;
    const metrics = this.#metricsOf(operation);
    const family = Math.trunc(statusCode / 100);
    metrics.responses[family] ??= this.#responses.labels(operation, `${family}xx`);
    metrics.responses[family].inc();
    const failed = isFailure(reply.raw);
    const isStream = request.call?.route?.mediaType === 'text/event-stream';
    if (!isStream) {
      if (failed) metrics.meter.failed();
      metrics.meter.ended(elapsedTime);
    }
    if (failed || (elapsedTime > this.slowMs && !isStream)) {
      const facts = {
        operation,
        status: statusCode,
        took_ms: Math.round(elapsedTime),
        request_id: request.call?.requestId,
      };
      this.logger.log(failed ? 'http.request_failed' : 'http.request_slow', facts);
    }
    done();
  };

  #metricsOf(operation: string): RouteMetrics {
    let metrics = this.#routes.get(operation);
    if (!metrics) {
      metrics = { meter: new RequestMeter(operation, this.#seconds.labels(operation)), responses: [] };
      this.#routes.set(operation, metrics);
    }
    return metrics;
  }
}
