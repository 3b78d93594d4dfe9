import type { LogEventRow } from './log-event-row.ts';

/** Log lines of libs/observability, libs/runtime and libs/notifications: what every service writes about itself. */
export const RUNTIME_EVENTS = {
  'control.breaker_set': {
    level: 'warn',
    meaning: 'A control request set a breaker of this instance.',
    action: 'none',
  },
  'control.caches_cleared': {
    level: 'warn',
    meaning: 'A control request cleared the caches of this instance.',
    action: 'none',
  },
  'control.connections_reset': {
    level: 'warn',
    meaning: 'A control request reset the connections of this instance.',
    action: 'none',
  },
  'control.pool_set': {
    level: 'warn',
    meaning: 'An operator set how the pool of connections is operated, until the process ends.',
    action: 'none',
  },
  'drain.step_failed': {
    level: 'error',
    meaning: 'A step of the drain failed; the other steps ran.',
    action: 'Report it to the developers with `step` and `error`.',
  },
  'drain.timed_out': {
    level: 'error',
    meaning: 'The drain took longer than its limit and was given up.',
    action: 'Find out what `step` waited for. Raise `DRAIN_TIMEOUT_MS` when its work is rightly that long.',
  },
  'log.lines_dropped': {
    level: 'warn',
    meaning: 'Log lines were dropped: they could not be written.',
    action: 'Check the room on the disk of the logs, and the program that reads them.',
  },
  'nest.detail': { level: 'trace', meaning: 'NestJS reports a detail.', action: 'none' },
  'nest.error': {
    level: 'error',
    meaning: 'NestJS reports an error.',
    action: 'Report it to the developers with `detail` and `stack`.',
  },
  'nest.fatal': {
    level: 'fatal',
    meaning: 'NestJS reports an error that it cannot go on after.',
    action: 'Report it to the developers with `detail` and `stack`.',
  },
  'nest.message': {
    level: 'debug',
    meaning: 'NestJS reports a step of the start or the end of the service.',
    action: 'none',
  },
  'nest.warning': {
    level: 'warn',
    meaning: 'NestJS reports a warning.',
    action: 'Report it to the developers with `detail`.',
  },
  'open_telemetry.failed': {
    level: 'warn',
    meaning: 'OpenTelemetry reports a failure: spans may be lost.',
    action: 'Check that the collector runs and that the `OTEL_*` variables are right.',
  },
  'open_telemetry.message': { level: 'info', meaning: 'OpenTelemetry reports a message.', action: 'none' },
  'process.exception_uncaught': {
    level: 'fatal',
    meaning: 'An exception was not caught: the process ends with status 1 and is started again.',
    action: 'Report it to the developers with `error`.',
  },
  'process.rejection_unhandled': {
    level: 'fatal',
    meaning: 'A rejected promise was not handled: the process ends with status 1 and is started again.',
    action: 'Report it to the developers with `error`.',
  },
  'redis.connected': { level: 'info', meaning: 'The process is connected to Redis.', action: 'none' },
  'redis.disconnected': {
    level: 'warn',
    meaning: 'The connection to Redis broke; the process connects again.',
    action: 'none',
  },
  'redis.unresponsive': {
    level: 'warn',
    meaning: 'Redis does not answer; the process makes a new connection.',
    action: 'none',
  },
  'service.draining': {
    level: 'info',
    meaning: 'The service takes no more work and finishes what it has.',
    action: 'none',
  },
  'service.start_aborted': {
    level: 'info',
    meaning: 'The service was told to stop before its start was complete.',
    action: 'none',
  },
  'service.start_failed': {
    level: 'fatal',
    meaning: 'The service could not start; the process ends with status 1.',
    action: 'Read `error` and correct the configuration or the server that it names.',
  },
  'service.started': { level: 'info', meaning: 'The service has started and takes work.', action: 'none' },
  'service.stopped': { level: 'info', meaning: 'The service has stopped and lost no work.', action: 'none' },
  'service.stopped_with_losses': {
    level: 'info',
    meaning: 'The service has stopped and a part of its drain failed: work may be lost.',
    action: 'Read the `drain.*` line above it.',
  },
  'sms.send_failed': {
    level: 'warn',
    meaning: 'An SMS about an incident could not be sent; it is tried again with the mail.',
    action: 'Check the account of the SMS provider when it repeats.',
  },
} as const satisfies Readonly<Record<string, LogEventRow>>;
