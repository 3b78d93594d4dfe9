import type { LogFields, Logger } from '@gridworks/observability';
import type { LoggerService } from '@nestjs/common';

/**
 * Writes Nest's own messages to the log. Its messages about every module and route are useful only for
 * debugging.
 */
export class NestLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#logger.log('nest.message', fields(message, rest));
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.#logger.log('nest.detail', fields(message, rest));
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.#logger.log('nest.message', fields(message, rest));
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.#logger.log('nest.warning', fields(message, rest));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.#logger.log('nest.error', fields(message, rest));
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.#logger.log('nest.fatal', fields(message, rest));
  }
}

const text = (message: unknown): string =>
  message instanceof Error
    ? message.message
    : typeof message === 'string'
      ? message
      : JSON.stringify(message);

/** Nest passes the context last, and for errors the stack before the context. */
function fields(message: unknown, rest: unknown[]): LogFields {
  const context = rest.at(-1);
  const stack = rest.length > 1 ? rest[0] : undefined;
  return {
    detail: text(message),
    ...(message instanceof Error ? { error: message } : {}),
    ...(typeof context === 'string' ? { context } : {}),
    ...(typeof stack === 'string' ? { stack } : {}),
  };
}
