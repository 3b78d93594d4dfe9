import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import type { Logger } from './logger.ts';

/** A collector that is away fails every second: the log gets one line per minute. */
const QUIET_MS = 60_000;

/**
 * Sends the SDK's own diagnostics (a collector that is away, a wrong variable) to the log; without a logger,
 * nowhere.
 */
export function diagnosticsTo(logger: Logger | undefined, now: () => number = Date.now): void {
  const level = LEVELS[(process.env.OTEL_LOG_LEVEL || 'warn').toLowerCase()] ?? DiagLogLevel.WARN;
  if (logger) diag.setLogger(toLog(logger, now), { logLevel: level, suppressOverrideMessage: true });
  else diag.disable();
}

const LEVELS: Readonly<Record<string, DiagLogLevel>> = {
  none: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
  verbose: DiagLogLevel.VERBOSE,
  all: DiagLogLevel.ALL,
};

/** For a minute after a written line, further errors and warnings are only counted. */
export function toLog(logger: Logger, now: () => number = Date.now): DiagLogger {
  let quietUntil = 0;
  let unwritten = 0;
  const warn = (message: string): void => {
    if (now() < quietUntil) {
      unwritten++;
      return;
    }
    logger.log('open_telemetry.failed', { detail: message, unwritten });
    quietUntil = now() + QUIET_MS;
    unwritten = 0;
  };
  const inform = (message: string): void => logger.log('open_telemetry.message', { detail: message });
  return { error: warn, warn, info: inform, debug: inform, verbose: inform };
}
