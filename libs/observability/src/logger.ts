import pino from 'pino';
import { currentContext } from './call-context.ts';
import { LogDestination, standardOutputDestination } from './log-destination.ts';
import { REDACTED, scrubJson } from './scrub-secrets.ts';
import { traceIdOf } from './traceparent.ts';

export type Logger = pino.Logger;

export interface LoggerOptions {
  readonly service: string;
  readonly instance: string;
  /** pino's levels, or `silent`. Default `info`. */
  readonly level?: string;
  /** Where lines go. Default: standard output. */
  readonly destination?: pino.DestinationStream;
}

// Of any form, where they are most often put. Deeper ones are found in the finished line; paths with wildcards
// would cost each line three times what writing it costs.
const redactedPaths = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'credentials',
  'headers.authorization',
  'headers.cookie',
];

/**
 * The logger of a process: one JSON object a line, with `service`, `instance` and, inside of a call, its
 * `request_id` and `trace_id`. Secrets are taken out by name and by form before a line leaves the process. Lines that
 * cannot be written (a full disk, a reader that hangs) are dropped; one line says how many when writing works again.
 */
export function createLogger(options: LoggerOptions): Logger {
  const destination = options.destination ?? standardOutputDestination();
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service, instance: options.instance },
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'message',
      errorKey: 'error',
      serializers: { error: pino.stdSerializers.errWithCause, err: pino.stdSerializers.errWithCause },
      formatters: { level: (label) => ({ level: label }) },
      mixin: contextFields,
      redact: { paths: redactedPaths, censor: REDACTED },
      hooks: { streamWrite: scrubJson },
    },
    destination,
  );
  if (destination instanceof LogDestination) {
    destination.onRecovered ??= (droppedLines) =>
      logger.warn({ dropped_lines: droppedLines }, 'Log lines were dropped: they could not be written');
  }
  return logger;
}

function contextFields(): Record<string, string> {
  const context = currentContext();
  if (!context) return {};
  const traceId = traceIdOf(context.traceparent);
  return traceId ? { request_id: context.requestId, trace_id: traceId } : { request_id: context.requestId };
}
