import type { LogEventRow } from './log-event-row.ts';

/** Log lines of healing inside a process: breakers, captured errors, patterns and queued calls. */
export const SELF_HEALING_EVENTS = {
  'breaker.changed': {
    level: 'info',
    meaning: 'A breaker is closed or half-open now, or its mode changed.',
    action: 'none',
  },
  'breaker.opened': {
    level: 'warn',
    meaning: 'A breaker is open: calls to its dependency are refused for a time.',
    action: 'none',
  },
  'breaker.publish_failed': {
    level: 'debug',
    meaning: 'The event about a changed breaker was not published.',
    action: 'none',
  },
  'captured_error.invalid': {
    level: 'error',
    meaning: 'A captured error does not have the shape of its contract; it is left out.',
    action: 'Report it to the developers with `source` and `error`.',
  },
  'pattern_table.follow_failed': {
    level: 'error',
    meaning: 'The process cannot follow the pattern table; it heals by the rules of the classifier alone.',
    action: 'Restart the instance when the line is there while NATS is healthy.',
  },
  'queued_call.consume_failed': {
    level: 'error',
    meaning: 'The consumer of queued calls did not start: queued calls wait.',
    action: 'Restart the instance when the line is there while NATS is healthy.',
  },
  'queued_call.done': { level: 'info', meaning: 'A queued call was done.', action: 'none' },
} as const satisfies Readonly<Record<string, LogEventRow>>;
