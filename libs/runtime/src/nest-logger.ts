import type { Logger } from '@gridworks/observability';
import type { LoggerService } from '@nestjs/common';

/** Nest's own words in our log. What it says about every module and route is of interest only when debugging. */
export class NestLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#logger.debug(fields(rest), text(message));
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.#logger.trace(fields(rest), text(message));
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.#logger.debug(fields(rest), text(message));
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.#logger.warn(fields(rest), text(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.#logger.error(
      { ...fields(rest), ...(message instanceof Error ? { error: message } : {}) },
      text(message),
    );
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.#logger.fatal(
      { ...fields(rest), ...(message instanceof Error ? { error: message } : {}) },
      text(message),
    );
  }
}

const text = (message: unknown): string =>
  message instanceof Error
    ? message.message
    : typeof message === 'string'
      ? message
      : JSON.stringify(message);

/** Nest appends the context last, and for errors the stack before it. */
function fields(rest: unknown[]): Record<string, unknown> {
  const context = rest.at(-1);
  const stack = rest.length > 1 ? rest[0] : undefined;
  return {
    ...(typeof context === 'string' ? { context } : {}),
    ...(typeof stack === 'string' ? { stack } : {}),
  };
}
