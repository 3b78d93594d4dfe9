import type { LogEventRow } from './log-event-row.ts';

/** Log lines of libs/persistence: PostgreSQL, outbox and inbox. */
export const STORAGE_EVENTS = {
  'event.published_again': {
    level: 'warn',
    meaning: 'An event that a consumer has not confirmed was published again.',
    action: 'none',
  },
  'expired_rows.delete_failed': {
    level: 'warn',
    meaning:
      'Expired rows of inbox, outbox and idempotency keys were not deleted; the next hour tries again.',
    action: 'none',
  },
  'inbox.request_failed': {
    level: 'debug',
    meaning: 'A service did not say which events its consumer has handled; the sweeper asks again.',
    action: 'none',
  },
  'outbox.events_refused': {
    level: 'error',
    meaning: 'The bus did not take some events of the outbox; each is tried again later.',
    action: 'Read `error`: an event is too large, or the service may not publish it.',
  },
  'outbox.left_unpublished': {
    level: 'warn',
    meaning: 'Events stay in the outbox until the next start of the service.',
    action: 'none',
  },
  'outbox.publish_failed': {
    level: 'warn',
    meaning: 'Events of the outbox could not be published; the relay tries again.',
    action: 'none',
  },
  'outbox.sweep_failed': {
    level: 'warn',
    meaning: 'The outbox could not be compared with the inboxes of its consumers; the sweeper tries again.',
    action: 'none',
  },
  'pool.changed': {
    level: 'warn',
    meaning: 'Connections to PostgreSQL run out, or do no longer: critical requests come first meanwhile.',
    action: 'Find what holds the connections: `pg_stat_activity`, by the name of the instance.',
  },
  'pool.grown': {
    level: 'info',
    meaning: 'The pool makes more connections than configured, for as long as it is short of them.',
    action: 'none',
  },
  'pool.publish_failed': {
    level: 'debug',
    meaning: 'The event about a pool was not published.',
    action: 'none',
  },
  'postgres.away': {
    level: 'warn',
    meaning: 'PostgreSQL is away; the service connects again.',
    action: 'none',
  },
  'postgres.connect_failed': {
    level: 'error',
    meaning: 'The service cannot use PostgreSQL, which answers; it tries again.',
    action: 'Read `error`: a wrong password, a missing schema or a migration that fails.',
  },
  'schema.migrated': {
    level: 'info',
    meaning: 'The service applied migrations to its schema.',
    action: 'none',
  },
  'index.statement_failed': {
    level: 'warn',
    meaning:
      'An index was not built or dropped; the healer looks at what is left, and tries again or gives it up.',
    action: 'none',
  },
  'statistics.refresh_failed': {
    level: 'warn',
    meaning: 'Stale statistics of tables were not made anew; the next try is in ten minutes.',
    action: 'none',
  },
  'statistics.refreshed': {
    level: 'info',
    meaning: 'The statistics of tables that had changed a lot were made anew, since autovacuum had not come.',
    action: 'When it is there often: look whether autovacuum is on, and what holds it up.',
  },
} as const satisfies Readonly<Record<string, LogEventRow>>;
