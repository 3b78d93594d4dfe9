import { reportFaultsTo } from '@gridworks/bus';
import { AppError, INTERNAL, UNAVAILABLE } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { processEnvironment } from '@gridworks/resilience';
import { LOGGER } from '@gridworks/runtime';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  BODY_MALFORMED,
  BODY_TOO_LARGE,
  MEDIA_TYPE_UNSUPPORTED,
  REQUEST_MALFORMED,
  ROUTE_NOT_FOUND,
} from './gateway.errors.ts';
import { sendProblem } from './send-problem.ts';

/** The pages that people see at an address that does not exist. */
export abstract class NotFoundPages {
  /** Sends such a page, unless the caller expects a problem document. Returns whether the page was sent. */
  abstract sendNotFound(request: FastifyRequest, reply: FastifyReply): boolean;
}

/** Sends every error as `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #report = reportFaultsTo(processEnvironment);

  constructor(
    @Inject(LOGGER) readonly logger: Logger,
    readonly pages: NotFoundPages,
  ) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    const error = this.#explain(exception, request);
    if (error.code === ROUTE_NOT_FOUND.code && this.pages.sendNotFound(request, reply)) return;
    reply.send(sendProblem(error, request, reply));
  }

  #explain(exception: unknown, request: FastifyRequest): AppError {
    if (exception instanceof AppError) return exception;
    const status = exception instanceof HttpException ? exception.getStatus() : statusOf(exception);
    if (status === 413) return new AppError(BODY_TOO_LARGE);
    if (status === 415) return new AppError(MEDIA_TYPE_UNSUPPORTED);
    if (status === 404) return new AppError(ROUTE_NOT_FOUND);
    if (status === 503) return new AppError(UNAVAILABLE, { retryAfterMs: 1000 });
    if (status !== null && status < 500)
      return new AppError(hasBody(request) ? BODY_MALFORMED : REQUEST_MALFORMED);
    this.logger.log('http.error_unexpected', { error: exception, request_id: request.call?.requestId });
    // A service has reported the error of its response itself; this error was thrown in the gateway.
    this.#report('gateway.http', exception);
    return new AppError(INTERNAL, { cause: exception });
  }
}

function statusOf(exception: unknown): number | null {
  const status = (exception as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : null;
}

function hasBody(request: FastifyRequest): boolean {
  return 'content-length' in request.headers || 'transfer-encoding' in request.headers;
}
