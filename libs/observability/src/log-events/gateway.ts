import type { LogEventRow } from './log-event-row.ts';

/** Log lines of the gateway. */
export const GATEWAY_EVENTS = {
  'console.absent': {
    level: 'info',
    meaning: 'The gateway is configured to serve no console; it answers GET / with 404.',
    action: 'none',
  },
  'console.address_taken': {
    level: 'error',
    meaning: 'A page of the console has the address of a route; the route is served.',
    action: 'Report it to the developers with `path`.',
  },
  'console.page_failed': {
    level: 'error',
    meaning: 'The page for an address that does not exist could not be sent.',
    action: 'none',
  },
  'console.read_failed': {
    level: 'error',
    meaning: 'The console cannot be read; the gateway serves the API and no pages.',
    action: 'Build the console again, or correct `GATEWAY_CONSOLE_DIR`, and restart the gateway.',
  },
  'console.served': { level: 'info', meaning: 'The gateway serves the console.', action: 'none' },
  'http.error_unexpected': {
    level: 'error',
    meaning:
      'The gateway failed with an error that is not in the catalogue; the caller got PLATFORM.INTERNAL.',
    action: 'Report it to the developers with `error` and `request_id`.',
  },
  'http.request_failed': {
    level: 'warn',
    meaning: 'A public request got a response with a status of 500 or more.',
    action: 'Look for lines of other services with the same `request_id`.',
  },
  'http.request_slow': {
    level: 'warn',
    meaning: 'A public request took longer than GATEWAY_SLOW_MS.',
    action: 'Look for the slow part in the trace `trace_id` when one `operation` repeats.',
  },
  'overload.began': {
    level: 'warn',
    meaning: 'Overload began: requests are refused with 503.',
    action: 'Find the callers that flood the gateway, or add instances, when it does not end.',
  },
  'overload.ended': {
    level: 'info',
    meaning: 'Overload ended: all requests are taken again.',
    action: 'none',
  },
  'page.failure_reported': {
    level: 'info',
    meaning: 'A page of the console reported an error or a policy violation of its own.',
    action: 'Report it to the developers when one `report` repeats.',
  },
  'usage_journal.line_damaged': {
    level: 'error',
    meaning: 'A damaged line in the usage journal was left out: one call is not metered.',
    action: 'Check the disk of the journal.',
  },
  'usage.published_again': {
    level: 'warn',
    meaning: 'Usage that billing has not confirmed was published again.',
    action: 'none',
  },
} as const satisfies Readonly<Record<string, LogEventRow>>;
