import type { LogEventRow } from './log-event-row.ts';

/** Log lines of the healer about incidents, their mails and its own watchdog. */
export const HEALER_EVENTS = {
  'breaker.set_by_admin': { level: 'warn', meaning: 'An admin set a breaker.', action: 'none' },
  'bus_watchdog.file_unwritten': {
    level: 'warn',
    meaning: 'The file of the bus watchdog could not be written; the watchdog tries again.',
    action: 'Check the room on the disk of the healer and the rights on its folder.',
  },
  'bus_watchdog.mail_failed': {
    level: 'warn',
    meaning: 'The mail about NATS could not be sent; the watchdog tries again.',
    action: 'Check `SMTP_URL` and `SMTP_BACKUP_URL`.',
  },
  'bus_watchdog.remedy_started': {
    level: 'warn',
    meaning: 'The bus watchdog applies a remedy to NATS through the platform port.',
    action: 'none',
  },
  'bus_watchdog.round_failed': {
    level: 'error',
    meaning: 'The bus watchdog could not finish a round; the next round tries again.',
    action: 'Read `error` when it repeats: NATS may be down and not healed.',
  },
  'captured_error.process_failed': {
    level: 'warn',
    meaning: 'Captured errors or changes of breakers could not be processed; the next poll tries again.',
    action: 'none',
  },
  'captured_error.write_failed': {
    level: 'warn',
    meaning: 'Captured errors could not be written to their incident; the healer tries again.',
    action: 'none',
  },
  'index.decided': {
    level: 'info',
    meaning: 'An admin approved, dismissed or dropped a suggested index.',
    action: 'none',
  },
  'index.look_failed': {
    level: 'warn',
    meaning: 'It could not be looked which indexes are missing; the next look is in an hour.',
    action: 'none',
  },
  'index.round_failed': {
    level: 'warn',
    meaning: 'An approved index could not be built or dropped now; the healer tries again.',
    action: 'none',
  },
  'index.settled': {
    level: 'info',
    meaning: 'An approved index is built or dropped, or was given up.',
    action: 'When it was given up: read the timeline of the suggestion at `/admin/database`.',
  },
  'dead_letter.decided': {
    level: 'info',
    meaning: 'An admin has dead letters replayed or discarded.',
    action: 'none',
  },
  'dead_letter.not_processed': {
    level: 'warn',
    meaning: 'The consumer could not process the event of a dead letter again; the letter waits.',
    action: 'Read `reason` and correct the cause before the next replay.',
  },
  'dead_letter.round_failed': {
    level: 'warn',
    meaning: 'Dead letters could not be replayed or discarded now; the healer tries again.',
    action: 'none',
  },
  'healing_event.publish_failed': {
    level: 'debug',
    meaning: 'An event for open pages was not published; the pages read the change with their next list.',
    action: 'none',
  },
  'incident.captures_unfollowed': {
    level: 'warn',
    meaning: 'An incident of captured errors could not be changed; the next poll tries again.',
    action: 'none',
  },
  'incident.escalate_failed': {
    level: 'error',
    meaning: 'An incident that is open for too long could not be escalated.',
    action: 'Look at the incident in the console: no mail may have been sent.',
  },
  'incident.healing_interrupted': {
    level: 'error',
    meaning: 'An error interrupted the healing of an incident; the next sweep resumes it.',
    action: 'Look at the incident in the console when the line repeats for it.',
  },
  'incident.history_unread': {
    level: 'warn',
    meaning:
      'The list of incidents lacks those that only PostgreSQL knows; the response says that it is partial.',
    action: 'none',
  },
  'incident.mail_failed': {
    level: 'warn',
    meaning: 'The mail about an incident could not be sent; the healer tries again.',
    action: 'Check `SMTP_URL` and `SMTP_BACKUP_URL` when it repeats.',
  },
  'incident.mail_refused': {
    level: 'error',
    meaning: 'The mail server refused the mail about an incident for good; it is not sent again.',
    action: 'Read `error`, correct the address or the mail server, and look at the incident in the console.',
  },
  'incident.mail_waiting': {
    level: 'error',
    meaning: 'The mail about an incident could not be claimed or recorded; the next sweep tries again.',
    action: 'Look at the incident in the console when the line repeats for it.',
  },
  'incident.publish_failed': {
    level: 'warn',
    meaning: 'A changed incident could not be published; the healer tries again.',
    action: 'none',
  },
  'incident.resume_failed': {
    level: 'error',
    meaning:
      'An incident or symptom that waited for its time could not be resumed; the next sweep resumes incidents.',
    action: 'Look at open incidents in the console.',
  },
  'overview.history_unread': {
    level: 'warn',
    meaning: 'The figures of the overview lack what only PostgreSQL knows.',
    action: 'none',
  },
  'platform.report_failed': {
    level: 'debug',
    meaning: 'The state of the platform could not be reported; the next round tries again.',
    action: 'none',
  },
  'pool.set_by_admin': { level: 'warn', meaning: 'An admin set a pool of connections.', action: 'none' },
  'stored_state.check_failed': {
    level: 'debug',
    meaning: 'The stored state was not checked for unreadable values; the next sweep tries again.',
    action: 'none',
  },
  'stored_state.unreadable': {
    level: 'error',
    meaning: 'A stored value cannot be read; the line keeps it, and the healer goes on without it.',
    action: 'Compare `value` with the version of the healer. Make pauses anew.',
  },
  'target.probed': {
    level: 'debug',
    meaning: 'A probe during the verification of an incident shows another result than the one before.',
    action: 'none',
  },
} as const satisfies Readonly<Record<string, LogEventRow>>;
