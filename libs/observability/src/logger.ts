import { redactJson } from '@gridworks/redaction';
import pino from 'pino';
import { currentContext } from './call-context.ts';
import { LogDestination, standardOutputDestination } from './log-destination.ts';
import { serializeError } from './serialize-error.ts';
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

/**
 * The logger of a process: one JSON object a line, with `service`, `instance` and, inside of a call, its
 * `request_id` and `trace_id`. Secrets are taken out by name and by form before a line leaves the process. Lines that
 * cannot be written (a full disk, a reader that hangs) are dropped; one line says how many when writing works again.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { service, instance } = options;
  // Every line begins with what is ours; the shortest label of a level has four letters.
  const begins = JSON.stringify({ level: 'info', time: new Date(0), service, instance }).length - 1;
  const destination = options.destination ?? standardOutputDestination();
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: { service, instance },
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'message',
      errorKey: 'error',
      serializers: { error: serializeError, err: serializeError },
      formatters: { level: (label) => ({ level: label }) },
      mixin: contextFields,
      hooks: { streamWrite: (line) => redactJson(line, begins) },
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
