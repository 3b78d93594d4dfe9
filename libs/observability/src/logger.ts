import { redactJson } from '@gridworks/redaction';
import pino from 'pino';
import { currentContext } from './call-context.ts';
import { LogDestination, standardOutputDestination } from './log-destination.ts';
import { LOG_EVENTS, type LogEvent } from './log-events.ts';
import { serializeError } from './serialize-error.ts';
import { traceIdOf } from './traceparent.ts';

/** What every line has already; no field of a call site takes its name. */
type OwnField = 'level' | 'time' | 'service' | 'instance' | 'event' | 'message';

/** The facts of one line. An error goes under `error`. */
export type LogFields = { readonly [name: string]: unknown } & { readonly [Name in OwnField]?: never };

const NO_FIELDS: LogFields = {};

export interface Logger {
  /** Writes a line with the level and the sentence that `LOG_EVENTS` has for the event code. Never throws. */
  log(event: LogEvent, fields?: LogFields): void;
  /** Begins to write the lines that wait. */
  flush(): void;
}

export interface LoggerOptions {
  readonly service: string;
  readonly instance: string;
  /** The least level that is written, or `silent`. Default `info`. */
  readonly level?: string;
  /** The destination of lines. Default: standard output. */
  readonly destination?: pino.DestinationStream;
}

/**
 * The logger of a process: one JSON object per line, with `service`, `instance`, the code `event` and, inside of a
 * call, its `request_id` and `trace_id`. Secrets are redacted by name and by form before a line leaves the process.
 * Lines that cannot be written (a full disk, a reader that hangs) are dropped; one line reports their number when
 * writing works again.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { service, instance } = options;
  // Every line begins with our own members; the shortest label of a level has four letters.
  const begins = JSON.stringify({ level: 'info', time: new Date(0), service, instance }).length - 1;
  const destination = options.destination ?? standardOutputDestination();
  // Read by `mixin` within the same call of `log`: cheaper than a copy of the fields.
  let current: LogEvent;
  const lines = pino(
    {
      level: options.level ?? 'info',
      base: { service, instance },
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'message',
      errorKey: 'error',
      serializers: { error: serializeError, err: serializeError },
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => commonFields(current),
      hooks: { streamWrite: (line) => redactJson(line, begins) },
    },
    destination,
  );
  const logger: Logger = {
    log(event, fields = NO_FIELDS) {
      current = event;
      const { level, meaning } = LOG_EVENTS[event];
      lines[level](fields, meaning);
    },
    flush: () => lines.flush(),
  };
  if (destination instanceof LogDestination) {
    destination.onRecovered ??= (droppedLines) =>
      logger.log('log.lines_dropped', { dropped_lines: droppedLines });
  }
  return logger;
}

function commonFields(event: LogEvent): Record<string, string> {
  const context = currentContext();
  if (!context) return { event };
  const traceId = traceIdOf(context.traceparent);
  return traceId
    ? { event, request_id: context.requestId, trace_id: traceId }
    : { event, request_id: context.requestId };
}
